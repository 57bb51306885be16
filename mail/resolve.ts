import { promises } from 'node:dns';
import { isIP } from 'node:net';

/** Asks for all addresses of a name, best first. Rejects with Node's codes, such as `ENOTFOUND`. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The addresses of a name, or Node's code of why there are none. */
export type Resolved = { readonly addresses: readonly string[] } | { readonly nodeCode: string };

/** The system's own resolver, hosts file included. */
const lookupBySystem: Lookup = async (host) =>
  (await promises.lookup(host, { all: true })).map((entry) => entry.address);

/**
 * A resolver in which callers who ask for the same name share one question. A question to the system cannot be
 * called off and holds one of the few threads that also write files; with a dead DNS server, asking anew with each
 * try would leave none for the outbox.
 */
export function createResolver(lookup: Lookup = lookupBySystem): (host: string) => Promise<Resolved> {
  const underWay = new Map<string, Promise<Resolved>>();
  return (host) => {
    const literal = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
    if (isIP(literal) !== 0) return Promise.resolve({ addresses: [literal] });
    const running = underWay.get(host);
    if (running !== undefined) return running;
    const question = ask(lookup, host).finally(() => underWay.delete(host));
    underWay.set(host, question);
    return question;
  };
}

async function ask(lookup: Lookup, host: string): Promise<Resolved> {
  try {
    const addresses = await lookup(host);
    return addresses.length === 0 ? { nodeCode: 'ENOTFOUND' } : { addresses };
  } catch (error) {
    return { nodeCode: nodeCodeOf(error) ?? 'EAI_AGAIN' };
  }
}

/** Node's own code of an error, such as `ECONNREFUSED`; null where it bears none. */
export function nodeCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
