/**
 * A code like Node's own: the server's certificate is not the one whose fingerprint the settings hold. Apart from what
 * reads certificates, so that judging a reply does not load TLS.
 */
export const CERTIFICATE_CHANGED = 'CERT_FINGERPRINT_CHANGED';
