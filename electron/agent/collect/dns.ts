import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Clock } from '../../../shared/model/clock.ts';
import { type Reading, unknown } from '../../../shared/model/sample.ts';
import { errorCode } from './failure.ts';
import type { MetricSource } from './source.ts';

const DEADLINE_MS = 5_000;
/** A lost packet is asked for again after so long, by c-ares itself. */
const TRY_MS = 1_500;

export interface DnsSourceOptions {
  readonly clock: Clock;
  /** Name servers as `address` or `address:port`; those of the system where it is left out. */
  readonly servers?: readonly string[];
  readonly deadlineMs?: number;
}

/**
 * dns.state: a name resolves when the name servers give it an address, IPv4 or IPv6; the addresses are its detail. It fails
 * when they give none, refuse, or do not answer within 5 s; the detail says which. The name servers themselves are
 * asked, not the hosts file. Unknown only where the target is no name.
 */
export function createDnsSource({
  clock,
  servers,
  deadlineMs = DEADLINE_MS,
}: DnsSourceOptions): MetricSource {
  const underWay = new Set<dns.Resolver>();

  /** One for each measuring, so that a laptop asks the servers of the network it is in now. */
  function createResolver(): dns.Resolver {
    const resolver = new dns.Resolver({ timeout: Math.min(TRY_MS, deadlineMs), tries: 3 });
    if (servers !== undefined) resolver.setServers(servers);
    return resolver;
  }

  async function resolve(resolver: dns.Resolver, name: string): Promise<Reading> {
    underWay.add(resolver);
    const cancelDeadline = clock.after(deadlineMs, () => resolver.cancel());
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    cancelDeadline();
    underWay.delete(resolver);
    return dnsReading(answers);
  }

  return {
    metrics: ['dns.state'],
    measure(requests) {
      return requests.map(({ target }) => {
        const name = domainToASCII((target ?? '').trim().replace(/\.$/, ''));
        if (name === '' || isIP(target ?? '') !== 0)
          return unknown('the target must be a name such as example.com');
        return resolve(createResolver(), name);
      });
    },
    close() {
      for (const resolver of underWay) resolver.cancel();
    },
  };
}

/** What c-ares says (node:dns, "Error codes"), from the most telling to the least. */
const FAILURES: readonly (readonly [code: string, detail: string])[] = [
  ['ENOTFOUND', 'the name does not exist'],
  ['ETIMEOUT', 'the name server did not answer in time'],
  ['ECANCELLED', 'the name server did not answer in time'],
  ['EREFUSED', 'the name server refuses to answer'],
  ['ESERVFAIL', 'the name server could not find out (SERVFAIL)'],
  ['ECONNREFUSED', 'no name server can be reached'],
  ['ENODATA', 'the name has no address'],
];

const MAX_ADDRESSES = 8;

function dnsReading(answers: readonly PromiseSettledResult<string[]>[]): Reading {
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) {
    const shown = addresses.toSorted().slice(0, MAX_ADDRESSES).join(', ');
    return { value: 'resolves', detail: addresses.length > MAX_ADDRESSES ? `${shown}, …` : shown };
  }
  const codes = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [errorCode(answer.reason) ?? 'an unknown fault'] : [],
  );
  if (codes.includes('EBADNAME')) return unknown('the target must be a name such as example.com');
  const found = FAILURES.find(([code]) => codes.includes(code));
  return { value: 'fails', detail: found?.[1] ?? codes[0] ?? 'the name has no address' };
}
