import { BlockList, isIP } from 'node:net';
import type { ResolveName } from '../collect/shared-lookup.ts';

/**
 * Addresses that belong to this computer, to a local network or to nobody, and those of the metadata services of clouds
 * (169.254.169.254, fd00:ec2::254, 100.100.100.200): IANA's registries of special-purpose addresses (RFC 6890), and what
 * only wraps an IPv4 address.
 */
const NOT_PUBLIC_IPV4: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const NOT_PUBLIC_IPV6: readonly string[] = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** One list for each family: in a list of both, what wraps all IPv4 addresses would hold every one of them. */
const notPublic = { ipv4: blockListOf(NOT_PUBLIC_IPV4), ipv6: blockListOf(NOT_PUBLIC_IPV6) };

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Whether an address may be called: it is a public one, or the administrator listed it. */
export function isCallable(address: string, allowed: readonly string[]): boolean {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) === 0) return false;
  const family = isIP(bare) === 6 ? 'ipv6' : 'ipv4';
  return !notPublic[family].check(bare, family) || blockListOf(allowed).check(bare, family);
}

/** Resolves names to callable addresses only. The connection is then made to one of these, whatever DNS says next. */
export function callableLookup(resolveName: ResolveName, allowed: readonly string[]): ResolveName {
  return (name, resolved) =>
    resolveName(name, (error, addresses) => {
      if (error !== null) {
        resolved(error, []);
        return;
      }
      const callable = addresses.filter(({ address }) => isCallable(address, allowed));
      const [first] = addresses;
      if (callable.length === 0 && first !== undefined) resolved(new Error(refusal(first.address)), []);
      else resolved(null, callable);
    });
}

/** Why an address is not called. */
function refusal(address: string): string {
  return `${address} is an address of this computer or a local network, which is called only where allowedAddresses lists it`;
}

/** A host that is an address by itself is never looked up: it is checked before. Null where it may be called. */
export function literalFault(url: URL, allowed: readonly string[]): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || isCallable(host, allowed) ? null : refusal(host);
}
