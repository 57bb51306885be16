import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EVENTS } from '../../../../../shared/contract/ipc.ts';
import type { AgentStatus } from '../../../../../shared/model/status.ts';
import { ConsoleRig } from '../../../../fakes/console-rig.ts';

let rig: ConsoleRig;
let open: ClientRequest[];

beforeEach(async () => {
  open = [];
  rig = new ConsoleRig();
  await rig.start();
});

afterEach(async () => {
  for (const outgoing of open) outgoing.destroy();
  await rig.stop();
});

interface Heard {
  readonly status: number;
  readonly incoming: IncomingMessage;
  /** Everything that came, as it came. */
  text(): string;
  events(): { event: string; payload: unknown }[];
  readonly ended: Promise<void>;
}

function listen(headers: Record<string, string>): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: rig.port, path: '/api/events', headers, agent: false };
    const outgoing = request(options, (incoming) => {
      let text = '';
      incoming.on('data', (chunk) => (text += String(chunk)));
      const ended = new Promise<void>((end) => incoming.once('close', end));
      incoming.on('error', () => {});
      const events = () =>
        text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
      resolve({ status: incoming.statusCode ?? 0, incoming, text: () => text, events, ended });
    });
    outgoing.on('error', reject);
    open.push(outgoing);
    outgoing.end();
  });
}

const page = async () => ({ cookie: await rig.session(), 'sec-fetch-site': 'same-origin' });
const status = (version: string) => ({ version }) as unknown as AgentStatus;

describe('who listens', () => {
  test('hears the status first, and each event of the contract as it comes', async () => {
    const heard = await listen(await page());
    expect(heard.incoming.headers['content-type']).toBe('text/event-stream');
    await vi.waitFor(() =>
      expect(heard.events()).toEqual([{ event: 'status.changed', payload: { version: '1' } }]),
    );
    rig.status = status('2');
    rig.live.changed('mail');
    rig.live.settingsChanged();
    rig.live.testStage('one', { title: 'Connected' } as never);
    rig.live.signIn({ id: 'two' } as never);
    await rig.clock.advance(0);
    await vi.waitFor(() => expect(heard.events()).toHaveLength(6));
    expect(heard.events().slice(1)).toEqual([
      { event: 'settings.changed', payload: { revision: 'revision' } },
      { event: 'test.stage', payload: { testId: 'one', stage: { title: 'Connected' } } },
      { event: 'oauth.changed', payload: { id: 'two' } },
      { event: 'status.changed', payload: { version: '2' } },
      { event: 'log.changed', payload: { newest: 'newest' } },
    ]);
    expect(new Set(heard.events().map(({ event }) => event))).toEqual(new Set(Object.keys(EVENTS)));
  });

  test('is told of changes once a second at most, and of the last one in any case', async () => {
    const heard = await listen(await page());
    const told = () => heard.events().map(({ payload }) => (payload as AgentStatus).version);
    for (let version = 2; version <= 11; version++) {
      rig.status = status(String(version));
      rig.live.changed('status');
      await rig.clock.advance(100);
    }
    await rig.clock.advance(1000);
    await vi.waitFor(() => expect(told()).toEqual(['1', '2', '11']));
  });

  test('hears a sign of life every 15 s', async () => {
    const heard = await listen(await page());
    await rig.clock.advance(30_000);
    await vi.waitFor(() => expect(heard.text().match(/^:$/gm)).toHaveLength(2));
  });

  test('hears nothing more once its session has ended', async () => {
    const heard = await listen(await page());
    await rig.clock.advance(12 * 3_600_000 + 15_000);
    await heard.ended;
  });

  test('a command listens with the token', async () => {
    expect((await listen(rig.bearer)).status).toBe(200);
  });

  test('is one of twenty at most, and makes room by going', async () => {
    const headers = await page();
    for (let count = 0; count < 20; count++) expect((await listen(headers)).status).toBe(200);
    expect((await listen(headers)).status).toBe(503);
    open[0]?.destroy();
    await vi.waitFor(async () => expect((await listen(headers)).status).toBe(200));
  });

  test('and does not read is dropped, and holds up nobody else', async () => {
    const headers = await page();
    const [slow, quick] = [await listen(headers), await listen(headers)];
    slow.incoming.pause();
    rig.status = status('x'.repeat(1024 * 1024));
    for (let count = 0; count < 12; count++) {
      rig.live.changed('status');
      await rig.clock.advance(1000);
      // The quick one is given the time to read.
      await vi.waitFor(() => expect(quick.events()).toHaveLength(count + 2));
    }
    slow.incoming.resume();
    await slow.ended;
    expect(quick.incoming.destroyed).toBe(false);
  });
});

test('where nobody listens, no status is put together', async () => {
  const heard = await listen(await page());
  open[0]?.destroy();
  await heard.ended;
  await vi.waitFor(async () => {
    let asked = 0;
    Object.defineProperty(rig, 'status', { configurable: true, get: () => ((asked += 1), status('3')) });
    rig.live.changed('status');
    await rig.clock.advance(1000);
    expect(asked).toBe(0);
  });
});
