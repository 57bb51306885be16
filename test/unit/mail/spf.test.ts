import { assert, asyncProperty, constantFrom, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DnsRecords, Records } from '../../../mail/dns-records.ts';
import { checkSpf, type SpfResult } from '../../../mail/spf.ts';
import { expandMacros } from '../../../mail/spf-macro.ts';

type Zone = Readonly<
  Record<string, { txt?: string[]; mx?: string[]; a?: string[]; aaaa?: string[]; failed?: true }>
>;

/** DNS from a table. */
function dnsOf(zone: Zone): DnsRecords {
  const of = (name: string, pick: (entry: Zone[string]) => string[] | undefined): Promise<Records> => {
    const entry = zone[name.toLowerCase()];
    if (entry === undefined) return Promise.resolve({ missing: 'name' });
    if (entry.failed === true) return Promise.resolve({ failed: 'ETIMEOUT' });
    const found = pick(entry) ?? [];
    return Promise.resolve(found.length === 0 ? { missing: 'record' } : { found });
  };
  return {
    txt: (name) => of(name, ({ txt }) => txt),
    mx: (name) => of(name, ({ mx }) => mx),
    addresses: (name, family) =>
      of(name, ({ a, aaaa }) => [...(family === 6 ? [] : (a ?? [])), ...(family === 4 ? [] : (aaaa ?? []))]),
    close: () => {},
  };
}

const IP = '192.0.2.10';
const values = (ip = IP) => ({
  sender: 'tocsin@contoso.example',
  domain: 'contoso.example',
  ip,
  helo: 'front-desk.contoso.example',
});

const OTHERS: Zone = {
  'yes.example': { txt: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  'no.example': { txt: ['v=spf1 -all'] },
  'deep.example': { txt: ['v=spf1 include:yes.example ?all'] },
  'loop.example': { txt: ['v=spf1 include:loop.example -all'] },
  'broken.example': { txt: ['v=spf1 what:ever'] },
  'silent.example': { failed: true },
  'mail.example': { a: [IP], aaaa: ['2001:db8::10'], mx: ['mx1.example', 'mail.example'] },
  'mx1.example': { a: ['192.0.2.99'] },
  'contoso._spf.example': { a: ['127.0.0.2'] },
  '192.0.2.10._spf.example': { a: ['127.0.0.2'] },
  'plain.example': { a: ['198.51.100.1'] },
};

/** Most rows ask about the same address. */
function rows(table: readonly (readonly [rule: string, record: string, result: SpfResult, ip?: string])[]) {
  return table.map(([rule, record, result, ip = IP]) => [rule, record, result, ip] as const);
}

describe('an SPF record (RFC 7208)', () => {
  test.each(
    rows([
      ['names the address', 'v=spf1 ip4:192.0.2.10 -all', 'pass'],
      ['names its network', 'v=spf1 ip4:192.0.2.0/28 -all', 'pass'],
      ['names the network beside it', 'v=spf1 ip4:192.0.2.16/28 -all', 'fail'],
      ['names its IPv6 network', 'v=spf1 ip6:2001:db8::/32 -all', 'pass', '2001:db8::1'],
      ['names one of the other family', 'v=spf1 ip6:2001:db8::/32 ~all', 'softfail'],
      [
        'reads an IPv4 address within IPv6 as IPv4',
        'v=spf1 ip4:192.0.2.10 -all',
        'pass',
        '::ffff:192.0.2.10',
      ],
      ['-all', 'v=spf1 -all', 'fail'],
      ['~all', 'v=spf1 ~all', 'softfail'],
      ['?all', 'v=spf1 ?all', 'neutral'],
      ['+all', 'v=spf1 all', 'pass'],
      ['ends without all', 'v=spf1 ip4:198.51.100.1', 'neutral'],
      ['is written in capitals', 'V=SPF1 IP4:192.0.2.10 -ALL', 'pass'],
      ['the first that fits counts', 'v=spf1 -ip4:192.0.2.10 +all', 'fail'],
      ['a: of the name', 'v=spf1 a:mail.example -all', 'pass'],
      ['a: by IPv6', 'v=spf1 a:mail.example -all', 'pass', '2001:db8::10'],
      ['a: with a prefix', 'v=spf1 a:mx1.example/24 -all', 'pass'],
      ['a: of another', 'v=spf1 a:mx1.example -all', 'fail'],
      ['mx: of the name', 'v=spf1 mx:mail.example -all', 'pass'],
      ['include that passes', 'v=spf1 include:yes.example -all', 'pass'],
      ['include that fails is no match', 'v=spf1 include:no.example ~all', 'softfail'],
      ['include within an include', 'v=spf1 include:deep.example -all', 'pass'],
      ['include of nothing', 'v=spf1 include:plain.example -all', 'permerror'],
      ['include that is broken', 'v=spf1 include:broken.example -all', 'permerror'],
      ['include that does not answer', 'v=spf1 include:silent.example -all', 'temperror'],
      ['include of itself', 'v=spf1 include:loop.example -all', 'permerror'],
      ['redirect', 'v=spf1 redirect=no.example', 'fail'],
      ['redirect that passes', 'v=spf1 redirect=yes.example', 'pass'],
      ['redirect behind all is not read', 'v=spf1 ~all redirect=no.example', 'softfail'],
      ['redirect to nothing', 'v=spf1 redirect=plain.example', 'permerror'],
      ['exists', 'v=spf1 exists:%{i}._spf.example -all', 'pass'],
      ['exists of none', 'v=spf1 exists:%{l}._spf.example -all', 'fail'],
      ['ptr is passed over', 'v=spf1 ptr -all', 'fail'],
      ['a modifier that is not known', 'v=spf1 exp=why.example foo=bar -all', 'fail'],
      ['a mechanism that is not known', 'v=spf1 ipv4:192.0.2.10 -all', 'permerror'],
      ['an address that is none', 'v=spf1 ip4:192.0.2.300 -all', 'permerror'],
      ['an address in short', 'v=spf1 ip4:192.2 -all', 'permerror'],
      ['a prefix that is too long', 'v=spf1 a:mail.example/33 -all', 'permerror'],
      ['no SPF record at all', 'v=spf10 -all', 'none'],
      ['a macro that is not known', 'v=spf1 exists:%{y}.example -all', 'permerror'],
      ['ten questions', `v=spf1 ${'a:mx1.example '.repeat(10)}-all`, 'fail'],
      ['eleven questions', `v=spf1 ${'a:mx1.example '.repeat(11)}-all`, 'permerror'],
      ['two names that do not exist', 'v=spf1 a:x1.example a:x2.example -all', 'fail'],
      ['three of them', 'v=spf1 a:x1.example a:x2.example a:x3.example -all', 'permerror'],
    ]),
  )('%s: %s is %s', async (_rule, record, result, ip) => {
    const dns = dnsOf({ ...OTHERS, 'contoso.example': { txt: ['some other text', record] } });
    const verdict = await checkSpf(dns, values(ip));
    expect(verdict.result).toBe(result);
    expect(verdict.why === null).toBe(result !== 'permerror' && result !== 'temperror');
  });

  test('two records are none', async () => {
    const dns = dnsOf({ 'contoso.example': { txt: ['v=spf1 +all', 'v=spf1 -all'] } });
    expect(await checkSpf(dns, values())).toMatchObject({ result: 'permerror' });
  });

  test.each<readonly [Zone, SpfResult]>([
    [{}, 'none'],
    [{ 'contoso.example': {} }, 'none'],
    [{ 'contoso.example': { failed: true } }, 'temperror'],
  ])('a domain without one: %j is %s', async (zone, result) => {
    expect((await checkSpf(dnsOf(zone), values())).result).toBe(result);
  });

  test('tells which records were read besides', async () => {
    const dns = dnsOf({
      ...OTHERS,
      'contoso.example': { txt: ['v=spf1 include:no.example redirect=no.example'] },
    });
    expect((await checkSpf(dns, values())).included).toEqual(['no.example', 'no.example']);
  });

  test('whatever the record, there is a verdict', async () => {
    const term = constantFrom(
      'a',
      'mx',
      'include:',
      'redirect=',
      'ip4:',
      '/',
      '//',
      '1',
      '%{',
      'i}',
      ' ',
      '-',
      ':',
      'x.example',
    );
    await assert(
      asyncProperty(string({ unit: term, maxLength: 60 }), async (rest) => {
        const dns = dnsOf({ ...OTHERS, 'contoso.example': { txt: [`v=spf1 ${rest}`] } });
        expect(typeof (await checkSpf(dns, values())).result).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});

describe('macros (the examples of RFC 7208 7.4)', () => {
  const example = {
    sender: 'strong-bad@email.example.com',
    domain: 'email.example.com',
    ip: IP,
    helo: 'mx.example.org',
  };
  test.each([
    ['%{s}', 'strong-bad@email.example.com'],
    ['%{o}', 'email.example.com'],
    ['%{d4}', 'email.example.com'],
    ['%{d2}', 'example.com'],
    ['%{d1}', 'com'],
    ['%{dr}', 'com.example.email'],
    ['%{d2r}', 'example.email'],
    ['%{l}', 'strong-bad'],
    ['%{l-}', 'strong.bad'],
    ['%{lr-}', 'bad.strong'],
    ['%{l1r-}', 'strong'],
    ['%{ir}.%{v}._spf.%{d2}', '10.2.0.192.in-addr._spf.example.com'],
    ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', 'bad.strong.lp.10.2.0.192.in-addr._spf.example.com'],
    ['100%%%_x%-', '100% x%20'],
    ['%{h}', 'mx.example.org'],
  ])('%s is %s', (text, expanded) => {
    expect(expandMacros(text, example)).toBe(expanded);
  });

  test('an IPv6 address is written by its digits', () => {
    const expanded = expandMacros('%{ir}.%{v}', { ...example, ip: '2001:db8::cb01' });
    expect(expanded).toBe('1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6');
  });

  test.each(['%', '%{', '%{y}', '%{d0}', '%x'])('%s follows no rule', (text) => {
    expect(expandMacros(text, example)).toBeNull();
  });
});
