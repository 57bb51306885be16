import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, getCACertificates, TLSSocket, type SecureContext } from 'node:tls';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import { alternativeNames, certificateChain, peerFault } from './certificate.ts';
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

/** More CA files than settings name; those that were replaced meanwhile are let go with the rest. */
const MAX_CONTEXTS = 8;

/** By CA file: to give one some 300 roots takes 10 ms of processor time, and it serves any number of connections. */
const contexts = new Map<string | null, SecureContext>();

/**
 * What servers are checked against: the usual roots, and the certificates of a CA file besides. A CA file may also
 * hold the server's own certificate, whoever signed it. TLS 1.0 and 1.1 are refused (RFC 8996).
 */
export function trustContext(ca: string | null): SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = createSecureContext({
    ca: ca === null ? [...roots()] : [...roots(), ca],
    allowPartialTrustChain: ca !== null,
    minVersion: 'TLSv1.2',
  });
  if (contexts.size >= MAX_CONTEXTS) contexts.clear();
  contexts.set(ca, made);
  return made;
}

/** What a server's certificate is checked against. */
export interface PeerTrust {
  readonly context: SecureContext;
  /** SHA-256 of the one certificate that is trusted whoever signed it; null: the authorities of the context decide. */
  readonly fingerprint: string | null;
}

/** The trust that the settings of a server ask for. */
export function peerTrust(server: {
  readonly ca: string | null;
  readonly certificateSha256?: string | null;
}): PeerTrust {
  return { context: trustContext(server.ca), fingerprint: server.certificateSha256 ?? null };
}

/**
 * Options of a handshake. It is let through whatever the certificate, because a fingerprint can be compared, and a
 * refused certificate shown, only afterwards: whoever uses them asks `peerFault` before anything else is sent.
 */
export function handshakeOptions(trust: PeerTrust, host: string) {
  return { secureContext: trust.context, rejectUnauthorized: false, ...serverNameOption(host) } as const;
}

/** Encrypted and checked; or Node's own code of why not, with what the server showed, where it came to that. */
export type Encrypted =
  | { readonly socket: TLSSocket }
  | { readonly nodeCode: string; readonly facts: StageFacts | null };

export interface EncryptOptions {
  readonly host: string;
  readonly trust: PeerTrust;
  /** Wall clock, in milliseconds, which the dates of a certificate are compared with. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Encrypts a connection that is open and checks the other side. Where that fails the socket is closed. */
export function encrypt(socket: Socket, { host, trust, now, signal }: EncryptOptions): Promise<Encrypted> {
  return new Promise((resolve) => {
    const secured = connect({ socket, host, ...handshakeOptions(trust, host) });
    const finish = (result: Encrypted): void => {
      signal.removeEventListener('abort', onAbort);
      if ('nodeCode' in result) secured.destroy();
      resolve(result);
    };
    const failed = (nodeCode: string): void => finish({ nodeCode, facts: null });
    const onAbort = (): void => failed('ETIMEDOUT');
    // Stays on for good: an error after the handshake is noticed by the session through 'close'.
    secured.on('error', (error) => failed(nodeCodeOf(error) ?? 'EPROTO'));
    secured.once('close', () => failed('ECONNRESET'));
    secured.once('secureConnect', () => {
      const fault = peerFault(secured, { host, fingerprint: trust.fingerprint, now });
      finish(
        fault === null ? { socket: secured } : { nodeCode: fault, facts: tlsStageFacts(secured, trust) },
      );
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** What a test shows of an encrypted connection; null without encryption. */
export function tlsStageFacts(socket: unknown, trust: PeerTrust): StageFacts | null {
  if (!(socket instanceof TLSSocket)) return null;
  return {
    kind: 'tls',
    version: socket.getProtocol(),
    cipher: socket.getCipher()?.standardName ?? null,
    checkedBy: trust.fingerprint === null ? 'authorities' : 'fingerprint',
    certificates: certificateChain(socket),
  };
}

/** SNI takes names only (RFC 6066 3). */
function serverNameOption(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

/** Reads the facts of a socket; null when it is not encrypted. */
export function tlsFacts(socket: unknown): TlsFacts | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerCertificate();
  const alternative = alternativeNames(certificate.subjectaltname);
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
