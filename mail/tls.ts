import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, getCACertificates, TLSSocket, type SecureContext } from 'node:tls';
import { nodeCodeOf } from './resolve.ts';

/** What people want to know about an encrypted connection. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly version: string;
  /** The names the server's certificate bears. */
  readonly names: readonly string[];
  /** When the certificate ends, in milliseconds since the epoch; null where it cannot be read. */
  readonly validUntil: number | null;
}

let commonRoots: readonly string[] | null = null;

/** Node's own roots and those of the operating system. Reading them takes some 60 ms, so it happens once, and late. */
function roots(): readonly string[] {
  commonRoots ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return commonRoots;
}

/**
 * What servers are checked against: the usual roots, and the certificates of a CA file besides. A CA file may also
 * hold the server's own certificate, whoever signed it. TLS 1.0 and 1.1 are refused (RFC 8996).
 */
export function trustContext(ca: string | null): SecureContext {
  return createSecureContext({
    ca: ca === null ? [...roots()] : [...roots(), ca],
    allowPartialTrustChain: ca !== null,
    minVersion: 'TLSv1.2',
  });
}

/** Encrypts a connection that is open. Yields Node's own code when that fails; the socket is closed then. */
export function encrypt(
  socket: Socket,
  host: string,
  context: SecureContext,
  signal: AbortSignal,
): Promise<{ readonly socket: TLSSocket } | { readonly nodeCode: string }> {
  return new Promise((resolve) => {
    const secured = connect({ socket, host, secureContext: context, ...serverNameOption(host) });
    const finish = (result: { readonly socket: TLSSocket } | { readonly nodeCode: string }): void => {
      signal.removeEventListener('abort', onAbort);
      if ('nodeCode' in result) secured.destroy();
      resolve(result);
    };
    const onAbort = (): void => finish({ nodeCode: 'ETIMEDOUT' });
    // Stays on for good: an error after the handshake is noticed by the session through 'close'.
    secured.on('error', (error) => finish({ nodeCode: nodeCodeOf(error) ?? 'EPROTO' }));
    secured.once('close', () => finish({ nodeCode: 'ECONNRESET' }));
    secured.once('secureConnect', () => finish({ socket: secured }));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** SNI takes names only (RFC 6066 3). */
export function serverNameOption(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

/** Reads the facts of a socket; null when it is not encrypted. */
export function tlsFacts(socket: unknown): TlsFacts | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerCertificate();
  const alternative = (certificate.subjectaltname ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  const common = certificate.subject?.CN;
  const names = alternative.length > 0 ? alternative : typeof common === 'string' ? [common] : [];
  const validUntil = Date.parse(certificate.valid_to ?? '');
  return {
    version: socket.getProtocol() ?? 'TLS',
    names,
    validUntil: Number.isNaN(validUntil) ? null : validUntil,
  };
}

/** The facts in words for people; null without encryption. */
export function describeTls(facts: TlsFacts | null): string | null {
  if (facts === null) return null;
  const until =
    facts.validUntil === null ? '' : ` until ${new Date(facts.validUntil).toISOString().slice(0, 10)}`;
  return `${facts.version.replace('TLSv', 'TLS ')}, certificate of ${facts.names.join(', ')}${until}`;
}
