import type { Settings, SmtpServerSettings } from '../../../shared/contract/settings.ts';
import { changeSection, isSame, type SettingsChange } from '../../model/settings-change.ts';

export type Security = SmtpServerSettings['security'];
type Mailbox = NonNullable<Settings['mailbox']>;

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

type OAuthSettings = Extract<SmtpServerSettings['auth'], { method: 'oauth2' }>;

/** Logging in by OAuth 2.0 as it stands in the form. */
export interface OAuthDraft {
  readonly provider: OAuthSettings['provider'];
  readonly clientId: string;
  /** As newly typed; empty keeps the stored one. */
  readonly clientSecret: string;
  readonly tenant: string;
  readonly tokenEndpoint: string;
  readonly deviceEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly revocationEndpoint: string;
  readonly scope: string;
}

export interface MailboxDraft {
  readonly isOn: boolean;
  readonly protocol: Mailbox['protocol'];
  readonly host: string;
  readonly port: number | null;
  readonly security: Security;
  readonly user: string;
  readonly password: string;
  readonly checkEveryMinutes: number | null;
  /** Empty: the sender's. */
  readonly address: string;
  readonly roundTripHours: number | null;
}

/** Everything that can be changed on the page, as it stands in its fields. */
export interface EmailDraft {
  readonly name: string;
  readonly organisation: string;
  readonly alertFormat: Settings['installation']['alertFormat'];
  readonly servers: readonly ServerDraft[];
  readonly fromName: string;
  readonly fromAddress: string;
  readonly timeoutSeconds: number | null;
  readonly useWhenSmtpFails: boolean;
  readonly mailbox: MailboxDraft;
  readonly emails: readonly string[];
  readonly sms: readonly string[];
}

/** The port that belongs to a security: RFC 5321 and 6409 (submission), RFC 8314 (implicit TLS). */
const SMTP_PORTS: Readonly<Record<Security, number>> = { none: 25, starttls: 587, tls: 465 };
const MAILBOX_PORTS: Readonly<Record<Mailbox['protocol'], Readonly<Record<Security, number>>>> = {
  pop3: { none: 110, starttls: 110, tls: 995 },
  imap: { none: 143, starttls: 143, tls: 993 },
};

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

/** Likewise for the mailbox, whose port hangs on its protocol too. */
export function withMailbox(
  mailbox: MailboxDraft,
  change: Partial<Pick<MailboxDraft, 'protocol' | 'security'>>,
): MailboxDraft {
  const next = { ...mailbox, ...change };
  const follows = mailbox.port === null || mailbox.port === MAILBOX_PORTS[mailbox.protocol][mailbox.security];
  return { ...next, port: follows ? MAILBOX_PORTS[next.protocol][next.security] : mailbox.port };
}

export function emailDraftOf(settings: Settings): EmailDraft {
  const { installation, smtp, relay, mailbox, profile } = settings;
  return {
    name: installation.name ?? '',
    organisation: installation.organisation ?? '',
    alertFormat: installation.alertFormat,
    servers: smtp.servers.map((server, index) => serverDraftOf(server, `stored ${index}`)),
    fromName: smtp.from?.name ?? '',
    fromAddress: smtp.from?.address ?? '',
    timeoutSeconds: smtp.timeoutSeconds,
    useWhenSmtpFails: relay?.useWhenSmtpFails ?? false,
    mailbox: {
      isOn: mailbox !== null,
      protocol: mailbox?.protocol ?? 'pop3',
      host: mailbox?.host ?? '',
      port: mailbox?.port ?? MAILBOX_PORTS.pop3.tls,
      security: mailbox?.security ?? 'tls',
      user: mailbox?.user ?? '',
      password: '',
      checkEveryMinutes: mailbox?.checkEveryMinutes ?? 5,
      address: mailbox?.address ?? '',
      roundTripHours: mailbox?.roundTripHours ?? 6,
    },
    emails: profile.emails,
    sms: profile.sms,
  };
}

function serverDraftOf(server: SmtpServerSettings, key: string): ServerDraft {
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

function oauthDraftOf(auth: OAuthSettings | null, provider: OAuthSettings['provider']): OAuthDraft {
  return {
    provider: auth?.provider ?? provider,
    clientId: auth?.clientId ?? '',
    clientSecret: '',
    tenant: auth?.tenant ?? '',
    tokenEndpoint: auth?.tokenEndpoint ?? '',
    deviceEndpoint: auth?.deviceEndpoint ?? '',
    authorizationEndpoint: auth?.authorizationEndpoint ?? '',
    revocationEndpoint: auth?.revocationEndpoint ?? '',
    scope: auth?.scope ?? '',
  };
}

function oauthOf({ provider, clientSecret, ...texts }: OAuthDraft) {
  return {
    provider,
    clientId: textOrNull(texts.clientId),
    ...(clientSecret === '' ? {} : { clientSecret }),
    tenant: textOrNull(texts.tenant),
    tokenEndpoint: textOrNull(texts.tokenEndpoint),
    deviceEndpoint: textOrNull(texts.deviceEndpoint),
    authorizationEndpoint: textOrNull(texts.authorizationEndpoint),
    revocationEndpoint: textOrNull(texts.revocationEndpoint),
    scope: textOrNull(texts.scope),
  };
}

/** Whose accounts log in to a mail server. */
function providerOfHost(host: string): OAuthSettings['provider'] {
  const name = host.trim().toLowerCase();
  if (/(^|\.)(gmail|googlemail|google)\.com$/.test(name)) return 'google';
  return /(^|\.)(office365|outlook|office)\.(com|us)$/.test(name) ? 'microsoft' : 'custom';
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

export function fromOf({ fromName, fromAddress }: Pick<EmailDraft, 'fromName' | 'fromAddress'>) {
  const address = fromAddress.trim();
  const name = textOrNull(fromName);
  return address === '' && name === null ? null : { name, address };
}

/** The whole settings with the form's values in place. */
export function applyEmailDraft(draft: EmailDraft, settings: Settings): Settings {
  const { mailbox } = draft;
  return {
    ...settings,
    installation: {
      ...settings.installation,
      name: textOrNull(draft.name),
      organisation: textOrNull(draft.organisation),
      alertFormat: draft.alertFormat,
    },
    smtp: {
      servers: draft.servers.map(serverOf),
      from: fromOf(draft),
      timeoutSeconds: draft.timeoutSeconds ?? 0,
    },
    relay: settings.relay === null ? null : { ...settings.relay, useWhenSmtpFails: draft.useWhenSmtpFails },
    mailbox: mailbox.isOn ? mailboxOf(mailbox) : null,
    profile: { emails: [...draft.emails], sms: [...draft.sms] },
  };
}

/** The mailbox as it stands in its fields. */
export function mailboxOf({ isOn: _on, password, ...mailbox }: MailboxDraft): Mailbox {
  return {
    ...mailbox,
    host: mailbox.host.trim(),
    user: mailbox.user.trim(),
    port: mailbox.port ?? 0,
    checkEveryMinutes: mailbox.checkEveryMinutes ?? 0,
    address: textOrNull(mailbox.address),
    // No fault is as plain as the one of a number that is out of range.
    roundTripHours: mailbox.roundTripHours ?? -1,
    ...(password === '' ? {} : { password }),
  };
}

function textOrNull(text: string): string | null {
  const bare = text.trim();
  return bare === '' ? null : bare;
}

const SECTIONS = ['installation', 'smtp', 'relay', 'mailbox', 'profile'] as const;

/** Changes those of the page's sections, and of `others`, that are no longer as they were. */
export function emailChange(
  before: Settings,
  after: Settings,
  others: readonly (keyof Settings)[] = [],
): SettingsChange {
  const changes = [...SECTIONS, ...others]
    .filter((key) => !isSame(before[key], after[key]))
    .map((key) => changeSection(key, before[key], after[key]));
  return (current) =>
    changes.reduce<Settings | null>((changed, change) => changed && change(changed), current);
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

type App = Pick<OAuthSettings, 'provider' | 'clientId' | 'tenant' | 'tokenEndpoint'>;

function isSameApp(one: App, other: App): boolean {
  return (
    one.provider === other.provider &&
    one.clientId === other.clientId &&
    one.tenant === other.tenant &&
    one.tokenEndpoint === other.tokenEndpoint
  );
}

export function hasStoredMailboxPassword(draft: MailboxDraft, stored: Settings['mailbox']): boolean {
  return (
    stored !== null &&
    stored.protocol === draft.protocol &&
    stored.host.toLowerCase() === draft.host.trim().toLowerCase() &&
    stored.port === draft.port &&
    stored.user === draft.user.trim()
  );
}

/** "mail.contoso.example:587". */
export function serverLabelOf({ host, port }: Pick<ServerDraft, 'host' | 'port'>): string {
  const name = host.trim() === '' ? 'a server without a name' : host.trim();
  return port === null ? name : `${name}:${port}`;
}
