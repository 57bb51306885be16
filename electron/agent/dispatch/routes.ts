import type { AccessTokens } from '../../../mail/access-token.ts';
import type { RouteState } from '../../../mail/dispatcher.ts';
import type { Outlet } from '../../../mail/outlet.ts';
import type { PracticeMailbox } from '../../../mail/practice-mailbox.ts';
import { createSmtpOutlet } from '../../../mail/smtp-outlet.ts';
import type { SmtpAuth, SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import type { OAuthServer } from '../oauth/provider.ts';
import { readAuthority } from '../settings/authorities.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { ehloName, senderOf } from './sender.ts';

/** Where the access tokens of a server come from that logs in by OAuth 2.0. */
export type TokensOf = (server: OAuthServer) => AccessTokens;

export interface RoutesOptions {
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly hostName: string;
  readonly tokens: TokensOf;
  /** Where mail goes while no server is set; runs only then. */
  readonly practice: PracticeMailbox;
  readonly onAvailable: (choice: RouteChoice) => void;
  /** The way out through the Web Service as it is now. */
  readonly relay: () => RouteState;
}

/** The ways out of this computer, as the settings have them. */
export interface Routes {
  route(choice: RouteChoice): RouteState;
  smtp(): Outlet;
  /** Whether mail goes to the practice mailbox because no server is set. */
  practising(): boolean;
  /** The settings were replaced: old sessions end, and nothing is held against the servers any more. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the ways out as the settings have them now, starting the practice mailbox if it is needed. */
export async function createRoutes(options: RoutesOptions): Promise<Routes> {
  let smtp = await build(options);
  /** One change at a time, so that the way out is the one of the settings in force, and every other is closed. */
  let changes: Promise<unknown> = Promise.resolve();
  const rebuild = async () => {
    const before = smtp;
    smtp = await build(options);
    await before.close();
    if (!practises(options.settings)) await options.practice.stop();
  };
  return {
    route(choice) {
      return choice === 'smtp' ? { outlet: smtp } : options.relay();
    },
    smtp: () => smtp,
    practising: () => practises(options.settings),
    rebuild() {
      const change = changes.then(rebuild);
      changes = change.catch(() => {});
      return change;
    },
    async close() {
      await changes;
      await smtp.close();
      await options.practice.stop();
    },
  };
}

function practises(settings: SettingsStore): boolean {
  return settings.current().smtp.servers.length === 0;
}

async function build(options: RoutesOptions): Promise<Outlet> {
  const settings = options.settings.current();
  const practising = practises(options.settings);
  return createSmtpOutlet(
    {
      servers: practising
        ? [practiceServer((await options.practice.start()).port)]
        : smtpServers(options.settings, options.tokens),
      from: senderOf(settings, options.hostName),
      timeoutSeconds: settings.smtp.timeoutSeconds,
      ehloName: ehloName(options.hostName),
      route: practising ? 'practice' : 'smtp',
      clock: options.clock,
    },
    { onAvailable: () => options.onAvailable('smtp') },
  );
}

/** The practice mailbox as a server like any other. */
export function practiceServer(port: number): SmtpServerOptions {
  return { host: '127.0.0.1', port, security: 'none', auth: { method: 'none' }, ca: null };
}

/** The servers of the settings with what they need from the secret store and the disk. */
function smtpServers(store: SettingsStore, tokens: TokensOf): SmtpServerOptions[] {
  return store.current().smtp.servers.map((server) => smtpServer(server, store, tokens));
}

/** One server, of the settings or of a form; a password that it does not bear is the stored one. */
export function smtpServer(
  server: SmtpServerSettings,
  store: SettingsStore,
  tokens: TokensOf,
): SmtpServerOptions {
  const { host, port, security } = server;
  return {
    host,
    port,
    security,
    auth: smtpAuth(server, store, tokens),
    ca: server.caFile === null ? null : readAuthority(server.caFile),
    certificateSha256: server.certificateSha256,
  };
}

function smtpAuth(server: SmtpServerSettings, store: SettingsStore, tokens: TokensOf): SmtpAuth {
  const { auth } = server;
  switch (auth.method) {
    case 'none':
      return auth;
    case 'password': {
      const { method, user, password = store.smtpPassword(server) } = auth;
      return { method, user, password };
    }
    case 'oauth2':
      return { method: auth.method, user: auth.user, tokens: tokens({ ...server, auth }) };
  }
}
