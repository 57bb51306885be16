import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ResolveName } from '../../../electron/agent/collect/shared-lookup.ts';
import { eventData, eventFields } from '../../../electron/agent/events/event-data.ts';
import { callWebPage } from '../../../electron/agent/events/web-page.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import { aDueAction, anAction, anEvent, ORIGIN } from '../../unit/electron/agent/events/sample-events.ts';

/**
 * Pages that rules call: what an address can hide, and what names can come to. A real server on this computer hears whatever
 * is called; nothing may reach it that the rule did not let through. Which ranges are none of the public: see
 * test/unit/electron/agent/events/web-page.test.ts.
 */

const heard: IncomingMessage[] = [];
const server = createServer((request, response) => {
  heard.push(request);
  if (request.url?.startsWith('/away') === true) response.writeHead(302, { location: `${origin()}/inner` });
  response.end('x'.repeat(1_000_000));
});
let port = 0;
const origin = () => `http://127.0.0.1:${port}`;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => void heard.splice(0));
afterAll(() => void server.close());

interface Call {
  readonly url: string;
  readonly body?: string;
  readonly allowedAddresses?: readonly string[];
  readonly resolveName?: ResolveName;
  readonly reply?: string;
}

function call({ resolveName, reply = '550 no', ...given }: Call) {
  const action = { type: 'call-web-page', method: 'POST', allowedAddresses: [], ...given } as const;
  const due = aDueAction(action, anEvent({ reply }));
  return callWebPage(
    anAction(action),
    eventFields(due, ORIGIN),
    eventData(due, ORIGIN),
    {
      clock: systemClock,
      secureContext: () => Promise.reject(new Error('no TLS here')),
      ...(resolveName === undefined ? {} : { resolveName }),
    },
    new AbortController().signal,
  );
}

/** A DNS server of an attacker: one list of addresses after another, the last for ever. */
function dns(...answers: readonly (readonly string[])[]): ResolveName & { readonly asked: () => number } {
  let asked = 0;
  const resolve: ResolveName = (_name, resolved) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    resolved(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked: () => asked });
}

describe('this computer under another name', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '%31%32%37.0.0.1',
    '\u2460\u2461\u2466.0.0.1',
    '127\u30020\u30020\u30021',
  ])('http://%s', async (host) => {
    const outcome = await call({ url: `http://${host}:${port}/inner` });
    expect(outcome).toMatchObject({
      kind: 'failed',
      text: expect.stringContaining('allowedAddresses') as unknown,
    });
    expect(heard).toEqual([]);
  });

  test.each(['localhost', 'localhost.', 'LOCALHOST'])('%s, as this system resolves it', async (host) => {
    const outcome = await call({ url: `http://${host}:${port}/inner` });
    expect(outcome.kind).not.toBe('done');
    expect(heard).toEqual([]);
  });
});

describe('names that lie', () => {
  test('one that leads to private addresses only is not called', async () => {
    const resolveName = dns(['10.0.0.1', '192.168.0.1', 'fe80::1', '127.0.0.1']);
    const outcome = await call({ url: `http://evil.example:${port}/`, resolveName });
    expect(outcome.text).toContain('allowedAddresses');
    expect(heard).toEqual([]);
  });

  test('rebinding: a name is looked up once, and the address that was checked is the one that is called', async () => {
    // Nobody listens on 127.0.0.2; it is let through, 127.0.0.1 is not.
    const resolveName = dns(['127.0.0.2'], ['127.0.0.1']);
    const signal = call({
      url: `http://evil.example:${port}/`,
      resolveName,
      allowedAddresses: ['127.0.0.2'],
    });
    const outcome = await Promise.race([
      signal,
      new Promise((resolve) => setTimeout(() => resolve(null), 1500)),
    ]);
    expect(outcome === null || (outcome as { kind: string }).kind === 'retry').toBe(true);
    expect([resolveName.asked(), heard.length]).toEqual([1, 0]);
  });

  test('of an address that may be called and one that may not, only the former is', async () => {
    const resolveName = dns(['127.0.0.1', '127.0.0.2']);
    const called = call({
      url: `http://evil.example:${port}/`,
      resolveName,
      allowedAddresses: ['127.0.0.2'],
    });
    await Promise.race([called, new Promise((resolve) => setTimeout(resolve, 1500))]);
    expect(heard).toEqual([]);
  });
});

describe('what an answer or an event can bring about', () => {
  const allowed = { allowedAddresses: ['127.0.0.1'] };

  test('a redirect to an inner page is not followed', async () => {
    const outcome = await call({ url: `${origin()}/away`, ...allowed });
    expect(outcome).toMatchObject({
      kind: 'failed',
      text: expect.stringContaining('redirects are not followed') as unknown,
    });
    expect(heard.map(({ url }) => url)).toEqual(['/away']);
  });

  test('a page without end is left after its first 64 KB', async () => {
    expect((await call({ url: `${origin()}/long`, ...allowed })).kind).toBe('done');
  });

  test.each([
    ['a way out of its folder', '../../admin'],
    ['another host', '@127.0.0.1/x'],
    ['another query', '?admin=1&x=#frag'],
    ['a line break', 'x\r\nHost: evil.example\r\n\r\nGET /inner HTTP/1.1'],
    ['a template', '{{installation}}'],
    ['half a character', '\ud800'],
  ])('a field with %s stays a part of the address', async (_rule, reply) => {
    await call({ url: `${origin()}/t/{{reply}}/end`, reply, ...allowed });
    expect(heard).toHaveLength(1);
    expect(heard[0]?.url).toMatch(/^\/t\/[^/?#\s]+\/end$/);
    expect(heard[0]?.headers.host).toBe(`127.0.0.1:${port}`);
  });

  test('a template filled in many times is not sent', async () => {
    const outcome = await call({
      url: origin(),
      body: '{{reply}}'.repeat(5000),
      reply: 'x'.repeat(500),
      ...allowed,
    });
    expect(outcome).toEqual({ kind: 'failed', text: 'the filled in body is too long' });
    expect(heard).toEqual([]);
  });
});
