import { describe, expect, test } from 'vitest';
import { createDnsRecords } from '../../../mail/dns-records.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import { senderFindings, type SenderQuestion } from '../../../mail/sender-findings.ts';
import { type DnsAnswer, startDnsServer } from '../../fakes/dns-server.ts';

/** A name server of the test's own. What it does not know does not exist. */
async function findings(
  zone: Readonly<Record<string, DnsAnswer>>,
  changes: Partial<SenderQuestion> = {},
  addresses: readonly string[] = ['9.9.9.10'],
  deadlineMs = 5_000,
) {
  const server = await startDnsServer((name) => zone[name] ?? { code: 3 });
  const dns = createDnsRecords({ clock: systemClock, deadlineMs, servers: [server.address] });
  return senderFindings(
    {
      from: 'tocsin@contoso.com',
      login: null,
      host: 'mail.contoso.com',
      ehloName: 'front-desk.contoso.com',
      ...changes,
    },
    { clock: systemClock, dns, deadlineMs, lookup: () => Promise.resolve(addresses) },
  );
}

const domain = (spf: string | null, more: object = {}): Readonly<Record<string, DnsAnswer>> => ({
  'contoso.com': {
    mx: ['mx.contoso.com'],
    txt: ['unrelated', ...(spf === null ? [] : [spf])],
    ...more,
  },
  'mx.contoso.com': { a: ['9.9.9.20'] },
  'spf.protection.outlook.com': { txt: ['v=spf1 ip4:40.92.0.0/15 -all'] },
  'spf.mailer.example': { txt: ['v=spf1 ip4:8.8.0.0/16 -all'] },
});
const MICROSOFT = { host: 'smtp.office365.com' };
const ELSEWHERE = ['11.0.0.1'];

describe('what is found about a sender', () => {
  test.each<readonly [rule: string, Parameters<typeof findings>, codes: readonly string[]]>([
    ['all is well', [domain('v=spf1 ip4:9.9.9.0/24 -all')], []],
    ['-all and not named', [domain('v=spf1 mx -all')], ['spf_fail']],
    ['~all and not named', [domain('v=spf1 mx ~all')], ['spf_softfail']],
    ['?all and not named', [domain('v=spf1 mx ?all')], ['spf_neutral']],
    ['no SPF record', [domain(null)], ['spf_missing']],
    ['a record that cannot be read', [domain('v=spf1 includes:x -all')], ['spf_unreadable']],
    ['one of two addresses is enough', [domain('v=spf1 mx -all'), {}, ['9.9.9.10', '9.9.9.20']], []],
    [
      'a long record, in several pieces',
      [domain(`v=spf1 ${'ip4:11.1.1.1 '.repeat(30)}ip4:9.9.9.10 -all`)],
      [],
    ],
    [
      'no MX, but an address',
      [domain('v=spf1 ip4:9.9.9.10 -all', { mx: [], a: ['9.9.9.9'] })],
      ['from_domain_without_mx'],
    ],
    [
      'neither MX nor address',
      [domain('v=spf1 ip4:9.9.9.10 -all', { mx: [] })],
      ['from_domain_takes_no_mail'],
    ],
    [
      'a null MX (RFC 7505)',
      [domain('v=spf1 ip4:9.9.9.10 -all', { mx: ['.'] })],
      ['from_domain_takes_no_mail'],
    ],
    ['the domain does not exist', [{}], ['from_domain_unknown']],
    ['a domain of no DNS', [{}, { from: 'tocsin@front-desk' }], ['from_domain_reserved']],
    ['a domain for examples', [{}, { from: 'tocsin@contoso.example' }], ['from_domain_reserved']],
    ['From is the login', [domain('v=spf1 ip4:9.9.9.10 -all'), { login: 'Tocsin@contoso.com' }], []],
    [
      'the login is another address',
      [domain('v=spf1 ip4:9.9.9.10 -all'), { login: 'it@contoso.com' }],
      ['from_is_not_login'],
    ],
    ['the login is no address', [domain('v=spf1 ip4:9.9.9.10 -all'), { login: 'tocsin' }], []],
    [
      'a provider that is included',
      [domain('v=spf1 include:spf.protection.outlook.com -all'), MICROSOFT, ELSEWHERE],
      [],
    ],
    ['a provider that is not', [domain('v=spf1 mx -all'), MICROSOFT, ELSEWHERE], ['spf_fail']],
    [
      'a host of who is included',
      [domain('v=spf1 include:spf.mailer.example -all'), { host: 'smtp.mailer.example' }, ELSEWHERE],
      [],
    ],
    ['a server in the local network', [domain('v=spf1 mx -all'), {}, ['192.168.1.2']], ['spf_local_server']],
    ['a local server, and no record at all', [domain(null), {}, ['192.168.1.2']], ['spf_missing']],
    ['DNS refuses', [{ 'contoso.com': { code: 2 } }], ['not_checked']],
    ['DNS keeps silent', [{ 'contoso.com': 'silence' }, {}, ['9.9.9.10'], 300], ['not_checked']],
    [
      'DNS keeps silent about an include',
      [{ ...domain('v=spf1 include:x.example -all'), 'x.example': 'silence' }, {}, ['9.9.9.10'], 300],
      ['not_checked'],
    ],
  ])('%s', async (_rule, given, codes) => {
    const found = await findings(...given);
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const { sentence, mend } of found) {
      expect(sentence).toMatch(/^[A-Z\d].*\.$/);
      expect(mend).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('what a record is to name is said', async () => {
    const own = await findings(domain('v=spf1 mx -all'));
    expect(own[0]?.sentence).toBe(
      'The SPF record of contoso.com does not name mail.contoso.com, and asks that mail from others be refused (-all). It may be refused or filed as spam.',
    );
    expect(own[0]?.mend).toContain('add its addresses (9.9.9.10) to the record');
    const provider = await findings(domain('v=spf1 mx ~all'), MICROSOFT, ELSEWHERE);
    expect(provider[0]?.mend).toContain('add “include:spf.protection.outlook.com” to the record');
  });

  test('a server without an address leaves the rest to be told', async () => {
    const server = await startDnsServer(() => ({ mx: ['mx.contoso.com'], txt: ['v=spf1 -all'] }));
    const dns = createDnsRecords({ clock: systemClock, deadlineMs: 5_000, servers: [server.address] });
    const question = { from: 'a@contoso.com', login: 'b@contoso.com', host: 'no.contoso.com', ehloName: 'x' };
    const lookup = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const found = await senderFindings(question, { clock: systemClock, dns, lookup });
    expect(found.map(({ code }) => code)).toEqual(['from_is_not_login']);
  });

  test('silence everywhere ends at the deadline, whatever is under way', async () => {
    const began = performance.now();
    const found = await senderFindings(
      { from: 'a@contoso.com', login: null, host: 'mail.contoso.com', ehloName: 'x' },
      {
        clock: systemClock,
        deadlineMs: 200,
        lookup: () => new Promise(() => {}),
        dns: createDnsRecords({
          clock: systemClock,
          deadlineMs: 60_000,
          servers: [(await startDnsServer(() => 'silence')).address],
        }),
      },
    );
    expect(found.map(({ code }) => code)).toEqual(['not_checked']);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
