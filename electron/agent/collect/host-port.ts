import { isIPv6 } from 'node:net';

export interface HostPort {
  /** A name or an address; without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Takes `host:port` or `[v6]:port` apart; null where it is neither. An IPv6 address needs its brackets (RFC 3986 3.2.2). */
export function parseHostPort(target: string): HostPort | null {
  const match = /^(?:\[([^\][]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/.exec(target);
  if (match === null) return null;
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535) return null;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null;
  return plain === undefined ? null : { host: plain, port };
}
