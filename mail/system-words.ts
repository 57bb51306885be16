/** What Node's codes mean to people (libuv's error table and Node's DNS and TLS codes). */
const WORDS: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'DNS does not answer',
  ECONNABORTED: 'the connection was broken off',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTDOWN: 'the computer is down',
  EHOSTUNREACH: 'no way to that computer',
  ENETUNREACH: 'no way to that network',
  ENODATA: 'the name has no address',
  ENOTFOUND: 'there is no such name',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'no answer in time',
  ETIMEOUT: 'DNS did not answer in time',
  CERT_FINGERPRINT_CHANGED: 'the certificate is another one',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate bears another name',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
};

/** A code of the system in words, with the code for those who know it; a code without words stands alone. */
export function systemWords(code: string): string {
  const words = WORDS[code];
  return words === undefined ? code : `${words} (${code})`;
}
