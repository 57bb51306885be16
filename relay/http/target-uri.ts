/** What a request says of the way it came. */
export interface RequestAddress {
  /** Path and query as they stand in the request line. */
  readonly path: string;
  /** With the port, where it is not the scheme's own. */
  readonly host: string;
  readonly protocol: string;
  /** The other end of the connection. */
  readonly remoteAddress: string | undefined;
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const LOOPBACK_ADDRESS = /^(::ffff:)?127\.|^::1$/;

/**
 * The addresses that a request may have been signed for (RFC 9421 2.2.2). With a public address it is that one,
 * whatever a proxy made of the Host header; a client on this computer itself may also have used the service directly.
 * Without a public address it is what the request says.
 */
export function targetUris(publicUrl: string | null, address: RequestAddress): readonly string[] {
  const direct = `${address.protocol}://${address.host}${address.path}`;
  if (publicUrl === null) return [direct];
  const published = `${publicUrl.replace(/\/+$/, '')}${address.path}`;
  const local = LOOPBACK_HOST.test(address.host) && LOOPBACK_ADDRESS.test(address.remoteAddress ?? '');
  return local && direct !== published ? [published, direct] : [published];
}
