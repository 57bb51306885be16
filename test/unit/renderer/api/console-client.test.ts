import { describe, expect, test, vi } from 'vitest';
import type { CallFailure, Connection } from '../../../../renderer/api/client.ts';
import { createConsoleClient, type EventStream } from '../../../../renderer/api/console-client.ts';
import { startRealAgent } from '../../../fakes/real-agent.ts';

type Listener = (event: { readonly data?: unknown }) => void;

/** An `EventSource` in the hands of the test. */
class FakeStream implements EventStream {
  readyState = 0;
  readonly #listeners: [string, Listener][] = [];

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener]);
  }

  close(): void {
    this.readyState = 2;
  }

  say(type: 'open' | 'message' | 'error', data?: unknown): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener({ data });
  }
}

function rig(answer: (path: string) => Response | Promise<Response> = () => new Response('{}')) {
  const streams: FakeStream[] = [];
  const waiting: { delayMs: number; run: () => void }[] = [];
  const client = createConsoleClient({
    fetch: async (path) => answer(path),
    openEvents() {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
    after(delayMs, run) {
      waiting.push({ delayMs, run });
      return () => {};
    },
  });
  return { client, streams, waiting };
}

const message = (event: string, payload: unknown) => JSON.stringify({ event, payload });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: CallFailure) => ({ kind: error.kind, message: error.message }),
  );

describe('a call', () => {
  test.each([
    ['an answer that fits is given', 200, '{"url":null}', null],
    ['an answer of another version is told to be that', 200, '{"address":1}', /different versions; reload/],
    ['an answer that is no JSON as well', 200, '<html>', /different versions; reload/],
    ['a refusal is given in its own words', 400, '{"message":"name is missing"}', /^name is missing$/],
    ['a refusal without words says its status', 502, '', /status 502/],
    ['an ended session says how to get in again', 401, '{"message":"no"}', /tocsin console/],
  ])('%s', async (_rule, status, body, said) => {
    const { client } = rig(() => new Response(body, { status }));
    const failure = await failureOf(client.call('console.link', {}));
    if (said === null) expect(failure).toBeNull();
    else expect(failure?.message).toMatch(said);
  });

  test('an agent that does not answer is told from one that refuses', async () => {
    const { client } = rig(() => Promise.reject(new TypeError('Failed to fetch')));
    expect((await failureOf(client.call('console.link', {})))?.kind).toBe('lost');
  });
});

describe('events', () => {
  const settings = message('settings.changed', { revision: 'one' });

  test('are told to whoever subscribes, until they leave, over one stream', () => {
    const { client, streams } = rig();
    const heard: string[] = [];
    const listener = ({ revision }: { revision: string }) => heard.push(revision);
    const leave = client.subscribe('settings.changed', listener);
    client.subscribe('settings.changed', listener);
    streams[0]?.say('message', settings);
    leave();
    streams[0]?.say('message', settings);
    expect([heard.length, streams.length]).toEqual([3, 1]);
  });

  test.each([
    ['no JSON', '<html>'],
    ['no object', '1'],
    ['an event that is not known', message('surprise', {})],
    ['a name every object has', message('constructor', {})],
    ['a payload that does not fit', message('settings.changed', { revision: 1 })],
  ])('%s is dropped', (_rule, data) => {
    const { client, streams } = rig();
    const heard: unknown[] = [];
    client.subscribe('settings.changed', (payload) => heard.push(payload));
    streams[0]?.say('message', data);
    streams[0]?.say('message', settings);
    expect(heard).toEqual([{ revision: 'one' }]);
  });

  test('say whether they come; a stream the browser gave up is opened anew after 3 s', () => {
    const { client, streams, waiting } = rig();
    const seen: Connection[] = [];
    client.onConnection((connection) => seen.push(connection));
    streams[0]?.say('open');
    streams[0]?.say('error');
    expect([seen, waiting.length]).toEqual([['open', 'lost'], 0]);
    streams[0]?.close();
    streams[0]?.say('error');
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([3000]);
    waiting[0]?.run();
    streams[1]?.say('open');
    expect([streams.length, client.connection(), seen]).toEqual([2, 'open', ['open', 'lost', 'open']]);
  });
});

test('a page and a running agent understand each other', async () => {
  const real = await startRealAgent();
  const headers = { cookie: await real.session(), origin: real.url, 'content-type': 'application/json' };
  const stream = new FakeStream();
  const client = createConsoleClient({
    fetch: (path, init) => fetch(`${real.url}${path}`, { ...init, headers }),
    openEvents(path) {
      void fetch(`${real.url}${path}`, { headers: { cookie: headers.cookie } }).then(async ({ body }) => {
        stream.say('open');
        for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? [])
          for (const line of chunk.split('\n'))
            if (line.startsWith('data: ')) stream.say('message', line.slice(6));
      });
      return stream;
    },
    after: () => () => {},
  });
  const paused: unknown[] = [];
  client.subscribe('status.changed', ({ pausedUntil }) => paused.push(pausedUntil));
  await vi.waitFor(() => expect(paused[0]).toBeNull());
  await client.call('monitoring.pause', { minutes: null });
  await vi.waitFor(() => expect(paused.at(-1)).toBe('forever'), 3000);
  // Who comes later is told what has come last.
  const late: unknown[] = [];
  client.subscribe('status.changed', ({ pausedUntil }) => late.push(pausedUntil));
  expect(late).toEqual([]);
  await Promise.resolve();
  expect(late).toEqual(['forever']);
  await real.agent.stop();
});
