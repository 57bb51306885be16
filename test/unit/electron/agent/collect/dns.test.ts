import { expect, test } from 'vitest';
import { createDnsSource } from '../../../../../electron/agent/collect/dns.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { type DnsAnswer, startDnsServer } from '../../../../fakes/dns-server.ts';
import { readOne, reasonOf } from './measuring.ts';

const V6 = '2001:db8:0:0:0:0:0:1';
const NXDOMAIN = 3;
const SERVFAIL = 2;
const REFUSED = 5;

test.each<[string, DnsAnswer, unknown]>([
  ['an IPv4 address', { a: ['192.0.2.1'] }, { value: 'resolves', detail: '192.0.2.1' }],
  ['an IPv6 address alone', { aaaa: [V6] }, { value: 'resolves', detail: '2001:db8::1' }],
  [
    'addresses in the same order each time',
    { a: ['192.0.2.9', '192.0.2.1'], aaaa: [V6] },
    { value: 'resolves', detail: '192.0.2.1, 192.0.2.9, 2001:db8::1' },
  ],
  [
    'not more than eight of them',
    { a: Array.from({ length: 12 }, (_, last) => `192.0.2.${last + 10}`) },
    {
      value: 'resolves',
      detail: `${Array.from({ length: 8 }, (_, last) => `192.0.2.${last + 10}`).join(', ')}, …`,
    },
  ],
  ['a name without addresses', {}, { value: 'fails', detail: 'the name has no address' }],
  ['a name that does not exist', { code: NXDOMAIN }, { value: 'fails', detail: 'the name does not exist' }],
  [
    'a server that cannot find out',
    { code: SERVFAIL },
    { value: 'fails', detail: 'the name server could not find out (SERVFAIL)' },
  ],
  [
    'a server that refuses',
    { code: REFUSED },
    { value: 'fails', detail: 'the name server refuses to answer' },
  ],
])('%s', async (_rule, answer, expected) => {
  const server = await startDnsServer(() => answer);
  const source = createDnsSource({ clock: systemClock, servers: [server.address] });
  expect(await readOne(source, 'dns.state', 'shop.example')).toEqual(expected);
});

test('a server that says nothing: the name fails at the deadline', async () => {
  const server = await startDnsServer(() => 'silence');
  const source = createDnsSource({ clock: systemClock, servers: [server.address], deadlineMs: 200 });
  expect(await readOne(source, 'dns.state', 'shop.example')).toEqual({
    value: 'fails',
    detail: 'the name server did not answer in time',
  });
});

test('both kinds of address are asked for, and a name beyond ASCII in its encoded form', async () => {
  const server = await startDnsServer(() => ({ a: ['192.0.2.1'] }));
  const source = createDnsSource({ clock: systemClock, servers: [server.address] });
  await readOne(source, 'dns.state', 'bücher.example.');
  expect(server.questions.toSorted()).toEqual(['A xn--bcher-kva.example', 'AAAA xn--bcher-kva.example']);
});

test('closing the source ends what is under way', async () => {
  const server = await startDnsServer(() => 'silence');
  const source = createDnsSource({ clock: systemClock, servers: [server.address] });
  const reading = readOne(source, 'dns.state', 'shop.example');
  source.close?.();
  expect((await reading).value).toBe('fails');
});

test.each(['', '.', '192.0.2.1', '::1', 'a b', 'x'.repeat(300)])('%j is no name', async (target) => {
  const server = await startDnsServer(() => 'silence');
  const source = createDnsSource({ clock: systemClock, servers: [server.address] });
  expect(reasonOf(await readOne(source, 'dns.state', target))).toBe(
    'the target must be a name such as example.com',
  );
});
