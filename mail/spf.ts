import ipaddr from 'ipaddr.js';
import type { DnsRecords, Records } from './dns-records.ts';
import { expandMacros, type MacroValues } from './spf-macro.ts';

/** RFC 7208 4.6.4: so many terms may ask DNS, so many answers may be empty, so many names may come of one term. */
const MOST_LOOKUPS = 10;
const MOST_EMPTY = 2;
const MOST_NAMES = 10;

/** What a record says of an address (RFC 7208 2.6). */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror';

export interface SpfVerdict {
  readonly result: SpfResult;
  /** Why the record cannot be read; null where it can. */
  readonly why: string | null;
  /** The domains whose records were read besides, such as `spf.protection.outlook.com`. All of them, unless it passed. */
  readonly included: readonly string[];
}

/**
 * Whether a domain's SPF record lets a server at this address send for it (RFC 7208, without `ptr`, which nobody is to
 * use any more). Never rejects.
 */
export async function checkSpf(dns: DnsRecords, values: MacroValues): Promise<SpfVerdict> {
  const check = new Check(dns, values);
  try {
    const result = await check.domain(values.domain);
    return { result, why: null, included: check.included };
  } catch (error) {
    if (!(error instanceof SpfError)) throw error;
    return { result: error.result, why: error.message, included: check.included };
  }
}

/** Ends the check at once, however deep it is. Goes no further than this file. */
class SpfError extends Error {
  readonly result: 'temperror' | 'permerror';

  constructor(result: 'temperror' | 'permerror', message: string) {
    super(message);
    this.result = result;
  }
}

const QUALIFIERS: Readonly<Record<string, SpfResult>> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/** Qualifier, name, domain and the lengths of prefixes. */
const MECHANISM = /^([+\-~?]?)([a-z][a-z0-9]*)(?::([^/\s]+))?(?:\/(\d{1,3}))?(?:\/\/(\d{1,3}))?$/i;
const IP_MECHANISM = /^([+\-~?]?)ip([46]):(\S+)$/i;
const MODIFIER = /^([a-z][a-z0-9_.-]*)=(\S*)$/i;

class Check {
  readonly #dns: DnsRecords;
  readonly #values: MacroValues;
  readonly #ip: ipaddr.IPv4 | ipaddr.IPv6;
  readonly included: string[] = [];
  #lookups = 0;
  #empty = 0;

  constructor(dns: DnsRecords, values: MacroValues) {
    this.#dns = dns;
    this.#values = values;
    this.#ip = ipaddr.process(values.ip);
  }

  async domain(domain: string): Promise<SpfResult> {
    const record = await this.#record(domain);
    if (record === null) return 'none';
    const terms = record
      .split(' ')
      .slice(1)
      .filter((term) => term !== '');
    let redirect: string | null = null;
    for (const term of terms) {
      const modifier = MODIFIER.exec(term);
      if (modifier !== null) {
        if (modifier[1]?.toLowerCase() === 'redirect') redirect = modifier[2] ?? '';
        continue;
      }
      const result = await this.#mechanism(term, domain);
      if (result !== null) return result;
    }
    if (redirect === null) return 'neutral';
    this.#countLookup();
    const target = this.#expand(redirect, domain);
    this.included.push(target);
    const result = await this.domain(target);
    if (result === 'none')
      throw new SpfError('permerror', `it redirects to ${target}, which has no SPF record`);
    return result;
  }

  async #record(domain: string): Promise<string | null> {
    const records = await this.#dns.txt(domain);
    if ('failed' in records) throw noAnswer(domain);
    if ('missing' in records) return null;
    const spf = records.found.filter((text) => /^v=spf1(?: |$)/i.test(text));
    if (spf.length > 1)
      throw new SpfError('permerror', `${domain} has ${spf.length} SPF records, and only one may be`);
    return spf[0] ?? null;
  }

  /** What a mechanism decides; null where it does not fit. */
  async #mechanism(term: string, domain: string): Promise<SpfResult | null> {
    const ranged = IP_MECHANISM.exec(term);
    const found = ranged ?? MECHANISM.exec(term);
    if (found === null) throw notUnderstood(term);
    const result = QUALIFIERS[found[1] || '+'] ?? 'pass';
    if (ranged !== null)
      return this.#isIn(term, ranged[3] ?? '', ranged[2] === '4' ? 'ipv4' : 'ipv6') ? result : null;
    const [, , name = '', target, prefix4, prefix6] = found;
    const prefixes = [prefix4, prefix6] as const;
    switch (name.toLowerCase()) {
      case 'all':
        return result;
      case 'include':
        return (await this.#include(term, target, domain)) ? result : null;
      case 'a': {
        this.#countLookup();
        return (await this.#hasAddress(this.#expand(target ?? domain, domain), prefixes)) ? result : null;
      }
      case 'mx':
        return (await this.#isMailServer(this.#expand(target ?? domain, domain), prefixes)) ? result : null;
      case 'exists': {
        this.#countLookup();
        const records = await this.#dns.addresses(this.#expand(target ?? '', domain), 4);
        return this.#read(records, target ?? '').length > 0 ? result : null;
      }
      case 'ptr':
        this.#countLookup();
        return null;
      default:
        throw notUnderstood(term);
    }
  }

  async #include(term: string, target: string | undefined, domain: string): Promise<boolean> {
    if (target === undefined) throw notUnderstood(term);
    this.#countLookup();
    const included = this.#expand(target, domain);
    this.included.push(included);
    const result = await this.domain(included);
    if (result === 'none')
      throw new SpfError('permerror', `it includes ${included}, which has no SPF record`);
    return result === 'pass';
  }

  async #isMailServer(domain: string, prefixes: Prefixes): Promise<boolean> {
    this.#countLookup();
    const exchanges = this.#read(await this.#dns.mx(domain), domain);
    if (exchanges.length > MOST_NAMES)
      throw new SpfError('permerror', `${domain} has more than ${MOST_NAMES} mail servers`);
    for (const exchange of exchanges) {
      if (exchange !== '.' && (await this.#hasAddress(exchange, prefixes))) return true;
    }
    return false;
  }

  async #hasAddress(name: string, [prefix4, prefix6]: Prefixes): Promise<boolean> {
    const isIPv4 = this.#ip.kind() === 'ipv4';
    const addresses = this.#read(await this.#dns.addresses(name, isIPv4 ? 4 : 6), name);
    const prefix = isIPv4 ? Number(prefix4 ?? 32) : Number(prefix6 ?? 128);
    if (prefix > (isIPv4 ? 32 : 128))
      throw new SpfError('permerror', `a prefix of ${prefix} bits is too long`);
    return addresses.some((address) => {
      const other = ipaddr.parse(address);
      return other.kind() === this.#ip.kind() && this.#ip.match(other, prefix);
    });
  }

  #isIn(term: string, range: string, kind: 'ipv4' | 'ipv6'): boolean {
    const full = range.includes('/') ? range : `${range}/${kind === 'ipv4' ? 32 : 128}`;
    const isRange =
      kind === 'ipv4' ? ipaddr.IPv4.isValidCIDRFourPartDecimal(full) : ipaddr.IPv6.isValidCIDR(full);
    if (!isRange) throw notUnderstood(term);
    const [network, bits] = ipaddr.parseCIDR(full);
    return network.kind() === this.#ip.kind() && this.#ip.match(network, bits);
  }

  #expand(text: string, domain: string): string {
    const expanded = expandMacros(text, { ...this.#values, domain });
    if (expanded === null || expanded === '') throw notUnderstood(text);
    return expanded.replace(/\.$/, '');
  }

  #read(records: Records, name: string): readonly string[] {
    if ('found' in records) return records.found;
    if ('failed' in records) throw noAnswer(name);
    this.#empty++;
    if (this.#empty > MOST_EMPTY)
      throw new SpfError('permerror', `it names more than ${MOST_EMPTY} names that do not exist`);
    return [];
  }

  #countLookup(): void {
    this.#lookups++;
    if (this.#lookups > MOST_LOOKUPS)
      throw new SpfError(
        'permerror',
        `it needs more than ${MOST_LOOKUPS} questions to DNS, and receivers ask no more`,
      );
  }
}

type Prefixes = readonly [ipv4: string | undefined, ipv6: string | undefined];

function notUnderstood(term: string): SpfError {
  return new SpfError('permerror', `“${term.slice(0, 80)}” in it is not understood`);
}

function noAnswer(name: string): SpfError {
  return new SpfError('temperror', `DNS did not answer for ${name}`);
}
