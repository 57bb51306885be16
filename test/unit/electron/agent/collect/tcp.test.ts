import { createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { MetricSource } from '../../../../../electron/agent/collect/source.ts';
import { createTcpSource } from '../../../../../electron/agent/collect/tcp.ts';
import { describeTcpFailure } from '../../../../../electron/agent/collect/tcp-failure.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { at, readOne, reasonOf, request } from './measuring.ts';

interface Listening {
  readonly port: number;
  /** Connections taken so far. */
  readonly count: () => number;
  readonly server: Server;
}

async function listen(host: string): Promise<Listening> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => undefined).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, count: () => count, server };
}

async function closedPort(): Promise<number> {
  const { port, server } = await listen('127.0.0.1');
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function fails(code: string): MetricSource {
  const resolveName = (name: string, resolved: (error: NodeJS.ErrnoException, addresses: never[]) => void) =>
    resolved(Object.assign(new Error(name), { code }), []);
  return createTcpSource({ clock: systemClock, resolveName });
}

test.each(['127.0.0.1', '::1'])('a port that listens on %s is open', async (host) => {
  const { port } = await listen(host);
  const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const source = createTcpSource({ clock: systemClock });
  expect(await readOne(source, 'tcp.state', target)).toEqual({ value: 'open' });
  expect((await readOne(source, 'tcp.connectMilliseconds', target)).value).toBeGreaterThanOrEqual(0);
});

test('a name is tried with all its addresses', async () => {
  const { port } = await listen('127.0.0.1');
  const addresses = [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  const source = createTcpSource({
    clock: systemClock,
    resolveName: (_name, resolved) => resolved(null, addresses),
  });
  expect(await readOne(source, 'tcp.state', `two.example:${port}`)).toEqual({ value: 'open' });
});

test('a port that nobody listens on is closed, and its connect time unknown', async () => {
  const target = `127.0.0.1:${await closedPort()}`;
  const source = createTcpSource({ clock: systemClock });
  expect(await readOne(source, 'tcp.state', target)).toEqual({
    value: 'closed',
    detail: 'connection refused',
  });
  expect(reasonOf(await readOne(source, 'tcp.connectMilliseconds', target))).toBe(
    'the port is closed: connection refused',
  );
});

test.each([
  ['ENOTFOUND', 'the name does not exist'],
  ['EAI_AGAIN', 'the name server did not answer'],
])('a name that does not resolve (%s) is closed', async (code, detail) => {
  expect(await readOne(fails(code), 'tcp.state', 'nowhere.invalid:25')).toEqual({ value: 'closed', detail });
});

test('a name without addresses is closed', async () => {
  const source = createTcpSource({
    clock: systemClock,
    resolveName: (_name, resolved) => resolved(null, []),
  });
  const expected = { value: 'closed', detail: 'the name has no address' };
  expect(await readOne(source, 'tcp.state', 'empty.invalid:25')).toEqual(expected);
});

test('a lookup that hangs ends at the deadline and is joined, not repeated', async () => {
  const clock = new FakeClock();
  let lookups = 0;
  const source = createTcpSource({ clock, resolveName: () => void (lookups += 1) });
  for (let cycle = 0; cycle < 3; cycle++) {
    const reading = readOne(source, 'tcp.state', 'slow.invalid:25');
    await clock.advance(5_000);
    expect(await reading).toEqual({ value: 'closed', detail: 'the name was not resolved within 5 s' });
  }
  expect(lookups).toBe(1);
  expect(clock.pending).toBe(0);
});

test('requests for one target share one connect', async () => {
  const { port, count } = await listen('127.0.0.1');
  const source = createTcpSource({ clock: systemClock });
  const target = `127.0.0.1:${port}`;
  const requests = [request('tcp.state', target), request('tcp.connectMilliseconds', target)];
  const readings = await Promise.all([
    ...source.measure(requests, at(0)),
    ...source.measure(requests, at(1)),
  ]);
  expect(readings.map(({ value }) => value === null)).toEqual([false, false, false, false]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(count()).toBe(1);
});

test('closing the source ends what is under way', async () => {
  const clock = new FakeClock();
  const source = createTcpSource({ clock, resolveName: () => undefined });
  const reading = readOne(source, 'tcp.state', 'slow.invalid:25');
  source.close?.();
  expect(reasonOf(await reading)).toBe('measuring was stopped');
  expect(clock.pending).toBe(0);
});

test.each(['', 'host', 'host:0', '::1:80'])('%j is no target', async (target) => {
  const source = createTcpSource({ clock: systemClock });
  expect(reasonOf(await readOne(source, 'tcp.state', target))).toContain('must be host:port');
});

const error = (code: string) => Object.assign(new Error(code), { code });

test.each([
  [
    'this computer is out of files: the port is not to blame',
    error('EMFILE'),
    { detail: 'out of resources (EMFILE)', ourOwn: true },
  ],
  [
    'several addresses, several reasons',
    new AggregateError([error('ECONNREFUSED'), error('ENETUNREACH'), error('ECONNREFUSED')]),
    { detail: 'connection refused; the network cannot be reached', ourOwn: false },
  ],
  ['an error nobody thought of keeps its code', error('EPROTO'), { detail: 'EPROTO', ourOwn: false }],
  ['an error without a code', new Error('?'), { detail: 'an unknown fault', ourOwn: false }],
])('%s', (_rule, failure, expected) => {
  expect(describeTcpFailure(failure)).toEqual(expected);
});
