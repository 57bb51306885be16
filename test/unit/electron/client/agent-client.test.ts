import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { writeControl } from '../../../../electron/agent/platform/control-file.ts';
import { dataDirAt } from '../../../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../../../../electron/agent/platform/files.ts';
import { createAgentClient } from '../../../../electron/client/agent-client.ts';
import { mailFramePath } from '../../../../shared/contract/ipc/mail-frames.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { fastClock } from '../../../fakes/fast-clock.ts';
import { startRealAgent } from '../../../fakes/real-agent.ts';
import { scratchDir } from '../../../fakes/scratch-dir.ts';

const AGAIN_MS = 2000;
const SILENCE_MS = 40_000;

describe('the client of the tray and the window', () => {
  test('hears the agent, calls it, and finds it again when it has ended and started anew on another port', async () => {
    const folder = scratchDir();
    const clock = new FakeClock();
    const first = await startRealAgent({ folder });
    const client = createAgentClient(first.dataDir, clock);
    onTestFinished(() => client.close());
    const connections: string[] = [];
    client.onConnection((connection) => connections.push(connection));
    await vi.waitFor(() => expect(client.connection()).toBe('open'));
    expect(client.status()?.installation).toBe(first.agent.status().installation);
    expect(await client.call('monitoring.pause', { minutes: null })).toEqual({
      ok: true,
      reply: { until: 'forever' },
    });

    await first.agent.stop();
    await vi.waitFor(() => expect(client.connection()).toBe('lost'));
    expect(client.status()).toBeNull();
    expect(await client.call('status.get', {})).toMatchObject({ ok: false, kind: 'lost' });

    const second = await startRealAgent({ folder });
    onTestFinished(() => second.agent.stop());
    await clock.advance(AGAIN_MS);
    await vi.waitFor(() => expect(client.connection()).toBe('open'));
    expect(client.status()?.pausedUntil).toBe('forever');
    expect(connections).toEqual(['open', 'lost', 'open']);
  });

  test('tells events until it is asked to stop', async () => {
    const { agent, dataDir } = await startRealAgent();
    onTestFinished(() => agent.stop());
    const client = createAgentClient(dataDir, new FakeClock());
    onTestFinished(() => client.close());
    await vi.waitFor(() => expect(client.connection()).toBe('open'));
    const heard: string[] = [];
    const stop = client.onEvent(({ event }) => heard.push(event));
    await client.call('settings.import', { text: '{"version":1}', baseDir: '/' });
    await vi.waitFor(() => expect(heard).toContain('settings.changed'));
    stop();
    heard.length = 0;
    await client.call('settings.import', { text: '{"version":1,"retention":{}}', baseDir: '/' });
    expect(heard).toEqual([]);
  });

  test('a call that does not fit the contract is refused in the words of the agent', async () => {
    const { agent, dataDir } = await startRealAgent();
    onTestFinished(() => agent.stop());
    const client = createAgentClient(dataDir, new FakeClock());
    onTestFinished(() => client.close());
    const outcome = await client.call('alerts.snooze', { name: 'x', minutes: -1 });
    expect(outcome).toMatchObject({
      ok: false,
      kind: 'refused',
      message: expect.stringContaining('minutes'),
    });
  });

  test('reads mails for frames by the token alone; a wrong token reads nothing', async () => {
    // The preview measures twice, a second apart.
    const { agent, dataDir, url, token } = await startRealAgent({ clock: fastClock(10) });
    onTestFinished(() => agent.stop());
    const client = createAgentClient(dataDir, new FakeClock());
    onTestFinished(() => client.close());
    const preview = await client.call('alerts.preview', {
      alert: {
        name: 'Memory',
        conditions: [{ metric: 'memory.usedPercent', above: 95 }],
        recipients: ['it@contoso.example'],
      },
    });
    if (!preview.ok || !('mail' in preview.reply)) throw new Error(JSON.stringify(preview));
    const path = mailFramePath('preview', preview.reply.mail.id);
    expect((await client.mail(path))?.text).toContain('Memory');
    expect((await client.mail('/mail/log/none'))?.status).toBe(404);
    const by = (bearer: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
    expect((await by(`${token}x`)).status).toBe(403);
    const foreign = { authorization: `Bearer ${token}`, origin: 'http://evil.example' };
    expect((await fetch(`${url}${path}`, { headers: foreign })).status).toBe(403);
  });

  test.each([
    ['of another version', 200, '{"pid":1}', 'mismatch', /different versions/],
    ['no JSON at all', 200, '<html>', 'mismatch', /different versions/],
    ['a refusal without words', 500, 'oops', 'refused', /500/],
  ])('an answer that is %s is told to be that', async (_what, status, body, kind, words) => {
    const { client } = await clientOf((_path, answer) => answer(status, body));
    const outcome = await client.call('status.get', {});
    expect(outcome).toMatchObject({ ok: false, kind });
    expect('message' in outcome && outcome.message).toMatch(words);
  });

  test('a stream that has fallen silent is given up and opened anew', async () => {
    let streams = 0;
    const { client, clock } = await clientOf((path, answer) => {
      if (path !== '/api/events') return;
      streams += 1;
      answer(200, null);
    });
    await vi.waitFor(() => expect(streams).toBe(1));
    await clock.advance(SILENCE_MS + AGAIN_MS);
    await vi.waitFor(() => expect(streams).toBe(2));
    expect(client.connection()).toBe('lost');
  });
});

type Answer = (status: number, body: string | null) => void;

/** A client of a server that answers as the test says; a null body leaves the answer open. */
async function clientOf(serve: (path: string, answer: Answer) => void) {
  const server = createServer((request, response) => {
    request.resume();
    serve(request.url ?? '', (status, body) => {
      response.writeHead(status);
      if (body === null) response.write(':\n\n');
      else response.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const dataDir = dataDirAt(scratchDir());
  makeOwnerOnlyDir(dataDir.path);
  writeControl(dataDir, { port: (server.address() as AddressInfo).port, token: 'token', pid: 1 });
  const clock = new FakeClock();
  const client = createAgentClient(dataDir, clock);
  onTestFinished(() => client.close());
  return { client, clock };
}
