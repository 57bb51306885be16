import type { ServerName } from '../shared/model/delivery.ts';
import type { AccessTokens } from './access-token.ts';

/** How to log in. Passwords have been fetched from the secret store by whoever makes these options. */
export type SmtpAuth =
  | { readonly method: 'none' }
  /** `password` is null where the store could not give it: nothing is tried then. */
  | { readonly method: 'password'; readonly user: string; readonly password: string | null }
  | { readonly method: 'oauth2'; readonly user: string; readonly tokens: AccessTokens };

/** One mail server, ready for use. */
export interface SmtpServerOptions extends ServerName {
  readonly auth: SmtpAuth;
  /** PEM text of certificates to trust besides those the system trusts; null for none. */
  readonly ca: string | null;
  /** SHA-256 of the one certificate that is trusted, whoever signed it; null or left out: the authorities decide. */
  readonly certificateSha256?: string | null;
}

/** The public part of the options: what may stand in logs and attempts. */
export function serverName(server: ServerName): ServerName {
  return { host: server.host, port: server.port, security: server.security };
}

/** How people read a server: `host:port`. */
export function serverLabel(server: ServerName): string {
  return `${server.host}:${server.port}`;
}

export function sameServer(one: ServerName, other: ServerName): boolean {
  return one.host === other.host && one.port === other.port && one.security === other.security;
}

/**
 * The forms in which a password may come back in a server's words: as it is, and as AUTH sends it (RFC 4616, LOGIN). Tokens
 * come and go: whoever logs in by one knows it.
 */
export function secretForms(auth: SmtpAuth): readonly string[] {
  if (auth.method !== 'password' || auth.password === null) return [];
  const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  return [encode(`\u0000${auth.user}\u0000${auth.password}`), encode(auth.password), auth.password];
}
