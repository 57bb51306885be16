import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';
import { isSameApp, type OAuthDraft, oauthDraftOf, oauthOf, providerOfHost } from './oauth-draft.ts';
import { textOrNull } from './text-or-null.ts';

export type Security = SmtpServerSettings['security'];

/** A mail server as it stands in the form. */
export interface ServerDraft {
  /** Names it while it is moved about. */
  readonly key: string;
  readonly host: string;
  /** Null while the field is empty. */
  readonly port: number | null;
  readonly security: Security;
  readonly login: SmtpServerSettings['auth']['method'];
  readonly user: string;
  /** As newly typed; empty keeps the stored one. */
  readonly password: string;
  readonly caFile: string;
  readonly certificateSha256: string;
  readonly oauth: OAuthDraft;
}

/** The port that belongs to a security: RFC 5321 and 6409 (submission), RFC 8314 (implicit TLS). */
const SMTP_PORTS: Readonly<Record<Security, number>> = { none: 25, starttls: 587, tls: 465 };

/** A server as C2 has it: port 25, no security, no password. */
export function newServer(key: string): ServerDraft {
  return {
    key,
    host: '',
    port: SMTP_PORTS.none,
    security: 'none',
    login: 'none',
    user: '',
    password: '',
    caFile: '',
    certificateSha256: '',
    oauth: oauthDraftOf(null, 'microsoft'),
  };
}

/** The port follows the security for as long as it is the usual one, that is until somebody has set another. */
export function withSecurity(server: ServerDraft, security: Security): ServerDraft {
  const follows = server.port === null || server.port === SMTP_PORTS[server.security];
  return { ...server, security, port: follows ? SMTP_PORTS[security] : server.port };
}

/** A well-known server in place of the one that was there; Microsoft’s takes passwords hardly any more. */
export function withPreset(
  server: ServerDraft,
  { host, port, security }: Pick<ServerDraft, 'host' | 'port' | 'security'>,
): ServerDraft {
  const provider = providerOfHost(host);
  const login = provider === 'microsoft' ? 'oauth2' : 'password';
  return { ...server, host, port, security, login, oauth: { ...server.oauth, provider } };
}

export function serverDraftOf(server: SmtpServerSettings, key: string): ServerDraft {
  const { host, port, security, auth, caFile, certificateSha256 } = server;
  return {
    key,
    host,
    port,
    security,
    login: auth.method,
    user: auth.method === 'none' ? '' : auth.user,
    password: '',
    caFile: caFile ?? '',
    certificateSha256: certificateSha256 ?? '',
    oauth: oauthDraftOf(auth.method === 'oauth2' ? auth : null, providerOfHost(host)),
  };
}

/** Fields that are empty become what the settings' rules name as a fault, or nothing where they may be left out. */
export function serverOf(draft: ServerDraft): SmtpServerSettings {
  return {
    host: draft.host.trim(),
    port: draft.port ?? 0,
    security: draft.security,
    auth: authOf(draft),
    caFile: textOrNull(draft.caFile),
    certificateSha256: textOrNull(draft.certificateSha256),
  };
}

function authOf({ login, user, password, oauth }: ServerDraft): SmtpServerSettings['auth'] {
  switch (login) {
    case 'none':
      return { method: 'none' };
    case 'password':
      return { method: 'password', user: user.trim(), ...(password === '' ? {} : { password }) };
    case 'oauth2':
      return { method: 'oauth2', user: user.trim(), ...oauthOf(oauth) };
  }
}

/**
 * Whether a password is stored for this server, which the agent keeps by host, port and user; or the secret of the app, which
 * it keeps by that and where tokens come from.
 */
export function hasStoredPassword(
  draft: ServerDraft,
  stored: readonly SmtpServerSettings[],
  secrets: readonly boolean[],
): boolean {
  return stored.some(
    ({ host, port, auth }, index) =>
      secrets[index] === true &&
      host.toLowerCase() === draft.host.trim().toLowerCase() &&
      port === draft.port &&
      auth.method !== 'none' &&
      auth.method === draft.login &&
      auth.user === draft.user.trim() &&
      (auth.method === 'password' || isSameApp(auth, oauthOf(draft.oauth))),
  );
}

/** "mail.contoso.example:587". */
export function serverLabelOf({ host, port }: Pick<ServerDraft, 'host' | 'port'>): string {
  const name = host.trim() === '' ? 'a server without a name' : host.trim();
  return port === null ? name : `${name}:${port}`;
}
