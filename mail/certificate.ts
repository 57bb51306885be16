import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { CertificateFacts } from '../shared/model/stage-facts.ts';
import { CERTIFICATE_CHANGED } from './certificate-codes.ts';
import { nodeCodeOf } from './resolve.ts';

/** Longest chain that is shown. What servers send is theirs to choose. */
const MOST_CERTIFICATES = 10;

export interface PeerExpectation {
  /** The name or address the server is set by. */
  readonly host: string;
  /** SHA-256 of the one certificate that is trusted, in any spelling; null: whom the authorities vouch for. */
  readonly fingerprint: string | null;
  /** Wall clock, in milliseconds. */
  readonly now: number;
}

/**
 * Why the other side of an encrypted connection is not to be trusted, as a code of Node's; null where it is. A
 * fingerprint stands in for the authorities and for nothing else: the name and the dates of the certificate are
 * looked at all the same, and a certificate of a trusted authority with another fingerprint is refused.
 */
export function peerFault(socket: TLSSocket, { host, fingerprint, now }: PeerExpectation): string | null {
  if (fingerprint === null) return socket.authorized ? null : authorizationCode(socket.authorizationError);
  // Not getPeerX509Certificate: in Node 24 whoever has called that gets no certificate a second time.
  const certificate = socket.getPeerCertificate();
  if (certificate.fingerprint256 === undefined) return 'CERT_UNTRUSTED';
  if (bareFingerprint(certificate.fingerprint256) !== bareFingerprint(fingerprint))
    return CERTIFICATE_CHANGED;
  // What cannot be read as a date compares as false, and is refused.
  if (!(now >= Date.parse(certificate.valid_from))) return 'CERT_NOT_YET_VALID';
  if (!(now <= Date.parse(certificate.valid_to))) return 'CERT_HAS_EXPIRED';
  const misnamed = checkServerIdentity(host, certificate);
  return misnamed === undefined ? null : (nodeCodeOf(misnamed) ?? 'ERR_TLS_CERT_ALTNAME_INVALID');
}

/** Node's types say that it is an error; Node itself leaves the code there (lib/_tls_wrap.js, onConnectSecure). */
function authorizationCode(reason: unknown): string {
  return typeof reason === 'string' ? reason : (nodeCodeOf(reason) ?? 'CERT_UNTRUSTED');
}

function bareFingerprint(text: string): string {
  return text.replaceAll(':', '').toUpperCase();
}

/** The chain of the other side, its own certificate first; none where it showed none. */
export function certificateChain(socket: TLSSocket): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (
    certificate?.fingerprint256 !== undefined &&
    chain.length < MOST_CERTIFICATES &&
    // The last one names itself as its issuer.
    chain.every(({ fingerprint256 }) => fingerprint256 !== certificate?.fingerprint256)
  ) {
    chain.push(certificateFacts(certificate));
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function certificateFacts(certificate: DetailedPeerCertificate): CertificateFacts {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: alternativeNames(certificate.subjectaltname),
    validFrom: timeOf(certificate.valid_from),
    validUntil: timeOf(certificate.valid_to),
    fingerprint256: certificate.fingerprint256,
  };
}

/** The most telling parts first; a part may stand there several times. */
function distinguishedName(name: object | undefined): string {
  const parts = Object.entries(name ?? {}) as [string, string | readonly string[]][];
  const rank = (key: string): number => (key === 'CN' ? 0 : key === 'O' ? 1 : 2);
  return parts
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
    .join(', ');
}

/** The names and addresses of a certificate's subjectAltName as Node writes it. */
export function alternativeNames(text: string | undefined): string[] {
  return (text ?? '').split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}
