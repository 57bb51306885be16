import { errorCode } from './failure.ts';
import { describeTcpFailure, type TcpFailure } from './tcp-failure.ts';

/** What Node and OpenSSL say of a handshake (node:tls, "X509 certificate error codes"; openssl-errors(7)). */
const WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, not by an authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that this computer does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by an authority that this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is signed by an authority that this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate cannot be traced to an authority; the server may not send the whole chain',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks only versions of TLS that are no longer safe',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no version of TLS that this computer speaks',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it wants a certificate of this computer',
};

/** Why a connection with TLS, or below it the plain one, failed. */
export function describeTlsFailure(error: unknown): TcpFailure {
  const words = WORDS[tlsCode(error) ?? ''];
  return words === undefined ? describeTcpFailure(error) : { detail: words, ourOwn: false };
}

/** Where a write fails, Node says EPROTO for all of OpenSSL's reasons, and hides the reason in the message. */
function tlsCode(error: unknown): string | null {
  const code = errorCode(error);
  if (code !== 'EPROTO' || !(error instanceof Error)) return code;
  const reason = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+)/.exec(error.message)?.[1];
  return reason === undefined ? code : `ERR_SSL_${reason.trim().toUpperCase().replaceAll(' ', '_')}`;
}
