import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Finds all addresses of a name and calls back once. */
export type ResolveName = (name: string, resolved: Resolved) => void;

/**
 * Name lookups as a socket wants them, one at a time for each name. A lookup cannot be called off and holds one of Node's
 * four pool threads until the name server answers or is given up; without sharing, each cycle would add its own.
 */
export function createSharedLookup(resolveName: ResolveName = systemLookup): LookupFunction {
  const waiting = new Map<string, Resolved[]>();
  return (name, options, callback) => {
    const resolved: Resolved = (error, addresses) => {
      const [first] = addresses;
      if (error !== null) callback(error, '');
      else if (first === undefined) callback(noAddress(name), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    const others = waiting.get(name);
    if (others !== undefined) {
      others.push(resolved);
      return;
    }
    const all = [resolved];
    waiting.set(name, all);
    resolveName(name, (error, addresses) => {
      waiting.delete(name);
      for (const each of all) each(error, addresses);
    });
  };
}

/** As the system resolves names for all programs: hosts file, name servers and what else it is set up with. */
export function systemLookup(name: string, resolved: Resolved): void {
  lookup(name, { all: true }, (error, addresses) => resolved(error, error === null ? addresses : []));
}

function noAddress(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENODATA' });
}
