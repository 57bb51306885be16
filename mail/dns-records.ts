import { promises as dns } from 'node:dns';
import type { Clock } from '../shared/model/clock.ts';
import { nodeCodeOf } from './resolve.ts';

/** What DNS has of one kind under a name: records; nothing; or no answer that could be relied on. */
export type Records =
  | { readonly found: readonly string[] }
  | { readonly missing: 'name' | 'record' }
  | { readonly failed: string };

/** Questions to DNS about a mail domain. None rejects. */
export interface DnsRecords {
  /** Each record as one text, its pieces put together (RFC 7208 3.3). */
  txt(name: string): Promise<Records>;
  /** The names of mail servers; `.` is the null MX of RFC 7505. */
  mx(name: string): Promise<Records>;
  /** A and AAAA, of one family where it is named. */
  addresses(name: string, family?: 4 | 6): Promise<Records>;
  /** Ends what is under way; every question then fails. */
  close(): void;
}

/** A lost packet is asked for again after so long, by c-ares itself. */
const TRY_MS = 900;
/** Answers that say for certain that there is nothing (c-ares: NXDOMAIN and an empty answer). */
const NO_NAME = 'ENOTFOUND';
const NO_RECORD = 'ENODATA';

export interface DnsRecordsOptions {
  readonly clock: Clock;
  /** After so long, every question that is still open has failed. */
  readonly deadlineMs: number;
  /** Name servers as `address` or `address:port`; those of the system where it is left out. */
  readonly servers?: readonly string[];
}

/** Asks the name servers themselves, not the hosts file. */
export function createDnsRecords({ clock, deadlineMs, servers }: DnsRecordsOptions): DnsRecords {
  const resolver = new dns.Resolver({ timeout: TRY_MS, tries: 3 });
  if (servers !== undefined) resolver.setServers(servers);
  let isOver = false;
  const end = (): void => {
    isOver = true;
    cancelDeadline();
    resolver.cancel();
  };
  const cancelDeadline = clock.after(deadlineMs, end);

  const ask = async (question: () => Promise<readonly string[]>): Promise<Records> => {
    if (isOver) return { failed: 'ECANCELLED' };
    try {
      const found = await question();
      return found.length === 0 ? { missing: 'record' } : { found };
    } catch (error) {
      const code = nodeCodeOf(error) ?? 'EAI_AGAIN';
      if (code === NO_NAME) return { missing: 'name' };
      return code === NO_RECORD ? { missing: 'record' } : { failed: code };
    }
  };

  return {
    txt: (name) => ask(async () => (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))),
    mx: (name) =>
      ask(async () =>
        (await resolver.resolveMx(name))
          .sort((one, other) => one.priority - other.priority)
          .map(({ exchange }) => (exchange === '' ? '.' : exchange)),
      ),
    async addresses(name, family) {
      const ipv4 = () => ask(() => resolver.resolve4(name));
      const ipv6 = () => ask(() => resolver.resolve6(name));
      const both = await Promise.all([family === 6 ? null : ipv4(), family === 4 ? null : ipv6()]);
      const asked = both.filter((records) => records !== null);
      const found = asked.flatMap((records) => ('found' in records ? records.found : []));
      if (found.length > 0) return { found };
      const failed = asked.find((records) => 'failed' in records);
      return (
        failed ??
        asked.find((records) => 'missing' in records && records.missing === 'record') ?? { missing: 'name' }
      );
    },
    close: end,
  };
}
