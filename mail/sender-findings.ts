import ipaddr from 'ipaddr.js';
import type { Clock } from '../shared/model/clock.ts';
import type { Finding } from '../shared/model/finding.ts';
import { withDeadline } from './deadline.ts';
import { createDnsRecords, type DnsRecords } from './dns-records.ts';
import { createResolver, type Lookup } from './resolve.ts';
import { FINDINGS } from './sender-words.ts';
import { checkSpf, type SpfResult } from './spf.ts';

/** Nobody waits longer for what is only good to know. */
const FINDINGS_MS = 3_000;

/** Names that exist in no public DNS (RFC 2606, RFC 6761, RFC 6762). */
const RESERVED = /(?:^|\.)(?:example|test|invalid|localhost|local|internal|example\.(?:com|net|org))$/;

/**
 * Providers whose servers for sending by login have other addresses than those their mail leaves by: what a record has
 * to name is theirs to say.
 */
const PROVIDERS: readonly (readonly [host: RegExp, include: string])[] = [
  [/(?:^|\.)(?:office365|outlook)\.com$/, 'spf.protection.outlook.com'],
  [/(?:^|\.)(?:gmail|google|googlemail)\.com$/, '_spf.google.com'],
  [/(?:^|\.)amazonaws\.com$/, 'amazonses.com'],
  [/(?:^|\.)fastmail\.com$/, 'spf.messagingengine.com'],
];

export interface SenderQuestion {
  /** The address in From and MAIL FROM. */
  readonly from: string;
  /** The name the server is logged in by; null without a login. */
  readonly login: string | null;
  /** The server that takes the mail first, by name or address. */
  readonly host: string;
  readonly ehloName: string;
}

export interface FindingOptions {
  readonly clock: Clock;
  readonly dns?: DnsRecords;
  readonly lookup?: Lookup;
  readonly deadlineMs?: number;
}

/**
 * What can be said of a sender without sending anything: whether From is the login, whether its domain takes mail, and
 * whether the domain's SPF record names the server. Ends within 3 s, whatever DNS does, and never rejects.
 */
export async function senderFindings(question: SenderQuestion, options: FindingOptions): Promise<Finding[]> {
  const { clock, deadlineMs = FINDINGS_MS } = options;
  const dns = options.dns ?? createDnsRecords({ clock, deadlineMs });
  const found: Finding[] = [];
  const login = loginFinding(question);
  if (login !== null) found.push(login);
  const domain = question.from.slice(question.from.lastIndexOf('@') + 1).toLowerCase();
  if (!domain.includes('.') || RESERVED.test(domain))
    return [...found, FINDINGS.from_domain_reserved({ domain })];
  const asked = Promise.all([domainFinding(domain, dns), spfFinding(domain, question, dns, options)]);
  const ended = await withDeadline(clock, deadlineMs, null, asked);
  dns.close();
  if ('ended' in ended) return [...found, FINDINGS.not_checked({ domain })];
  const [about, spf] = ended.done;
  // Of a domain that does not exist there is no more to say.
  if (about?.code === 'from_domain_unknown') return [...found, about];
  const all = [...found, about, spf].filter((finding) => finding !== null);
  // One unanswered question is told once.
  return all.filter(
    ({ code }, index) => code !== 'not_checked' || all.findIndex((one) => one.code === code) === index,
  );
}

/** A login that is no address says nothing about the sender. */
function loginFinding({ from, login }: SenderQuestion): Finding | null {
  if (login === null || !/^[^@\s]+@[^@\s]+$/.test(login) || login.toLowerCase() === from.toLowerCase())
    return null;
  return FINDINGS.from_is_not_login({ from, login });
}

/** Whether mail to the domain has somewhere to go (RFC 5321 5.1, RFC 7505). */
async function domainFinding(domain: string, dns: DnsRecords): Promise<Finding | null> {
  const mx = await dns.mx(domain);
  if ('found' in mx) return mx.found[0] === '.' ? FINDINGS.from_domain_takes_no_mail({ domain }) : null;
  if ('failed' in mx) return FINDINGS.not_checked({ domain });
  const addresses = await dns.addresses(domain);
  if ('found' in addresses) return FINDINGS.from_domain_without_mx({ domain });
  if ('failed' in addresses) return FINDINGS.not_checked({ domain });
  return mx.missing === 'name'
    ? FINDINGS.from_domain_unknown({ domain })
    : FINDINGS.from_domain_takes_no_mail({ domain });
}

async function spfFinding(
  domain: string,
  { from, host, ehloName }: SenderQuestion,
  dns: DnsRecords,
  { lookup }: FindingOptions,
): Promise<Finding | null> {
  const found = await createResolver(lookup)(host);
  // That the server has no address is for the test to say.
  if ('nodeCode' in found) return null;
  const values = { sender: from, domain, helo: ehloName };
  const isLocal = found.addresses.every((address) => ipaddr.process(address).range() !== 'unicast');
  // A server in the local network sends on from an address that cannot be seen from here; a record can still be missing.
  const addresses = isLocal ? found.addresses.slice(0, 1) : found.addresses;
  const verdicts = await Promise.all(addresses.map((ip) => checkSpf(dns, { ...values, ip })));
  const passed = verdicts.find(({ result }) => result === 'pass');
  const verdict = passed ?? worst(verdicts);
  if (verdict === undefined || verdict.result === 'pass') return null;
  const include = PROVIDERS.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1] ?? null;
  const details = { domain, host, addresses: addresses.join(', '), include };
  switch (verdict.result) {
    case 'none':
      return FINDINGS.spf_missing(details);
    case 'permerror':
      return FINDINGS.spf_unreadable({ ...details, why: verdict.why ?? '' });
    case 'temperror':
      return FINDINGS.not_checked({ domain });
    case 'fail':
    case 'softfail':
    case 'neutral':
      if (isLocal) return FINDINGS.spf_local_server(details);
      if (verdict.included.some((name) => isOfProvider(name, host, include))) return null;
      return FINDINGS[`spf_${verdict.result}`](details);
  }
}

const ORDER: readonly SpfResult[] = ['permerror', 'fail', 'softfail', 'neutral', 'temperror', 'none', 'pass'];

function worst<Verdict extends { readonly result: SpfResult }>(
  verdicts: readonly Verdict[],
): Verdict | undefined {
  return verdicts.toSorted((one, other) => ORDER.indexOf(one.result) - ORDER.indexOf(other.result))[0];
}

/** Whether the domain has trusted the provider whose server this is: which of its addresses mail leaves by is its own affair. */
function isOfProvider(included: string, host: string, include: string | null): boolean {
  const name = included.toLowerCase();
  return include === null ? sameOwner(name, host.toLowerCase()) : name === include;
}

/** By the last two labels, or three where the last two are a country's, such as co.uk. Names that are no address. */
function sameOwner(one: string, other: string): boolean {
  return ownerOf(one) !== null && ownerOf(one) === ownerOf(other);
}

function ownerOf(name: string): string | null {
  if (ipaddr.isValid(name)) return null;
  const labels = name.split('.');
  const isCountry = /^(?:co|com|org|net|ac|gov|edu|ne|or)\.[a-z]{2}$/.test(labels.slice(-2).join('.'));
  const owner = labels.slice(isCountry ? -3 : -2);
  return owner.length < (isCountry ? 3 : 2) ? null : owner.join('.');
}
