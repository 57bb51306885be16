import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { eventData, eventFields } from '../../../../../electron/agent/events/event-data.ts';
import { isCallable } from '../../../../../electron/agent/events/public-addresses.ts';
import { callWebPage } from '../../../../../electron/agent/events/web-page.ts';
import type { ResolveName } from '../../../../../electron/agent/collect/shared-lookup.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { listenLocally } from '../collect/local-server.ts';
import { aDueAction, anAction, anEvent, ORIGIN } from './sample-events.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function hook(status = 200, headers: Readonly<Record<string, string>> = {}) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(status, headers).end('ok');
    });
  });
  return { seen, port: await listenLocally(server) };
}

const toLoopback: ResolveName = (_name, resolved) => resolved(null, [{ address: '127.0.0.1', family: 4 }]);

interface Call {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly allowedAddresses?: readonly string[];
  readonly isTest?: boolean;
}

function call(
  { isTest = false, ...action }: Call,
  resolveName: ResolveName = toLoopback,
  clock = systemClock,
) {
  const full = { type: 'call-web-page', allowedAddresses: ['127.0.0.1'], ...action } as const;
  const event = anEvent({ reply: '550 "quoted"\r\nX: y', recipients: ['ann@contoso.example'] });
  const due = { ...aDueAction(full, event), isTest };
  return callWebPage(
    anAction(full),
    eventFields(due, ORIGIN),
    eventData(due, ORIGIN),
    { clock, resolveName, secureContext: () => Promise.reject(new Error('no TLS here')) },
    new AbortController().signal,
  );
}

describe('Call Web Page', () => {
  test('a POST without a body sends the event as JSON', async () => {
    const { seen, port } = await hook();
    const outcome = await call({ url: `http://tickets.example:${port}/hook`, method: 'POST' });
    expect(outcome).toEqual({ kind: 'done', text: `POST tickets.example:${port} answered 200` });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      event: 'final-delivery-failed',
      rule: 'Tell me',
      server: 'mail.contoso.example',
      reply: '550 "quoted"\r\nX: y',
      recipients: ['ann@contoso.example'],
    });
  });

  test('of a test says so in a header, in the message and by name', async () => {
    const { seen, port } = await hook();
    const url = `http://tickets.example:${port}/hook?m={{message}}`;
    await call({ url, method: 'POST', isTest: true });
    await call({ url, method: 'POST' });
    expect(seen.map(({ headers }) => headers['tocsin-test'])).toEqual(['true', undefined]);
    expect(seen.map(({ url }) => url.includes('?m=Test%3A%20'))).toEqual([true, false]);
    expect(seen.map(({ body }) => (JSON.parse(body) as { test: boolean }).test)).toEqual([true, false]);
  });

  test('method, headers and a template of the rule; a header cannot change how the request is made', async () => {
    const { seen, port } = await hook();
    await call({
      url: `http://tickets.example:${port}/t?to={{recipients}}`,
      method: 'PUT',
      headers: { Authorization: 'Bearer 1', 'Content-Length': '3', Host: 'other.example' },
      body: '{"what": "{{reply}}"}',
    });
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: '/t?to=ann%40contoso.example',
      body: '{"what": "550 \\"quoted\\"\\r\\nX: y"}',
    });
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer 1', host: `tickets.example:${port}` });
  });

  test.each([
    [204, 'done'],
    [302, 'failed'],
    [404, 'failed'],
    [408, 'retry'],
    [429, 'retry'],
    [503, 'retry'],
  ] as const)('%d: %s', async (status, kind) => {
    const { seen, port } = await hook(status, { location: '/elsewhere' });
    expect((await call({ url: `http://tickets.example:${port}/` })).kind).toBe(kind);
    expect(seen).toHaveLength(1);
  });

  test('nobody answers: tried again later', async () => {
    const { port } = await hook();
    const outcome = await call({ url: `http://tickets.example:${port}/` }, (_name, resolved) =>
      resolved(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []),
    );
    expect(outcome.kind).toBe('retry');
  });

  test('no answer within 10 s: tried again later', async () => {
    const clock = new FakeClock();
    const server = createServer(() => {});
    const port = await listenLocally(server);
    const asked = new Promise((resolve) => server.once('request', resolve));
    const outcome = call({ url: `http://tickets.example:${port}/` }, toLoopback, clock);
    await asked;
    await clock.advance(10_000);
    expect(await outcome).toEqual({
      kind: 'retry',
      text: `GET tickets.example:${port}: no answer within 10 s`,
    });
  });

  test.each([
    ['a name that leads to this computer', 'http://tickets.example'],
    ['an address', 'http://127.0.0.1'],
    ['an address in another notation', 'http://2130706433'],
    ['an IPv6 address', 'http://[::1]'],
    ['an IPv4 address inside an IPv6 one', 'http://[::ffff:127.0.0.1]'],
  ])('%s is not called unless it is listed', async (_rule, origin) => {
    const { seen, port } = await hook();
    const url = `${origin}:${port}/`;
    const outcome = await call({ url, allowedAddresses: [] });
    expect(outcome.text).toContain('allowedAddresses');
    expect(seen).toEqual([]);
  });

  test('the host is the administrator’s alone: no field is filled in there', async () => {
    const outcome = await call({ url: 'http://{{installation}}.example/' });
    expect(outcome.kind).toBe('failed');
  });
});

test.each([
  ['8.8.8.8', [], true],
  ['2606:4700::1111', [], true],
  ['10.1.2.3', [], false],
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['172.31.255.255', [], false],
  ['192.168.1.10', ['192.168.1.11'], false],
  ['169.254.169.254', [], false],
  ['100.100.100.200', [], false],
  ['fd00:ec2::254', [], false],
  ['fe80::1%eth0', [], false],
  ['::', [], false],
  ['64:ff9b::7f00:1', [], false],
  ['::ffff:10.1.2.3', [], false],
  ['2002:7f00:1::', [], false],
  ['0.0.0.0', [], false],
  ['no address', [], false],
] as const)('%s with %j listed: %s', (address, allowed, callable) => {
  expect(isCallable(address, allowed)).toBe(callable);
});
