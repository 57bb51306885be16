import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isNestedTooDeep, NESTED_TOO_DEEP } from '../../../shared/bounded-json.ts';
import {
  defaultSettings,
  SETTINGS_MAX_BYTES,
  type MailboxSettings,
  type Settings,
  type SmtpServerSettings,
} from '../../../shared/contract/settings.ts';
import { parseSettings, type SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { keepDamagedCopy } from '../platform/damaged-files.ts';
import type { DataDir } from '../platform/data-dir.ts';
import { makeOwnerOnlyDir, writeFileAtomic } from '../platform/files.ts';
import { oauthSecretNames } from '../oauth/provider.ts';
import { cronFault } from './cron.ts';
import { jsonFault } from './json-fault.ts';
import { takeInAuthorities } from './authorities.ts';
import type { SecretStore } from './secret-store.ts';
import { settingsWarnings } from './settings-warnings.ts';

/** What an import came to. Warnings are about things that are allowed and will not work yet. */
export type ImportOutcome =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly SettingsFault[] }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** The settings of a data folder. Passwords never enter its file; they go to the secret store. */
export interface SettingsStore {
  /** The settings in force, without secrets. */
  current(): Settings;
  /**
   * Takes in a whole settings document, or nothing of it. A password that is left out keeps the one stored for the same
   * server and user. Relative paths in it are relative to `baseDir`.
   */
  import(text: string, baseDir: string): ImportOutcome;
  /**
   * Names the settings in force. Passwords do not count: a window that was opened before another one set a password keeps
   * that password by leaving it out.
   */
  revision(): string;
  /** Every fault of a document, and what is allowed and will not work; stores nothing. */
  check(document: unknown): SettingsCheck;
  /** The password of a server; of one that logs in by OAuth 2.0, the secret of the app. */
  smtpPassword(server: SmtpServerSettings): string | null;
  mailboxPassword(mailbox: MailboxSettings): string | null;
  /** Faults of the stored file, for which the last good copy stands in (safe mode) until sound settings are taken in. */
  standsInFor(): readonly SettingsFault[] | null;
}

/** What is wrong with a document, and what is worth a warning where nothing is wrong. */
export interface SettingsCheck {
  readonly faults: readonly SettingsFault[];
  readonly warnings: readonly SettingsFault[];
}

/** Faults of the file that is in force already: it was damaged or written by hand. */
export type SettingsLoad =
  | { readonly ok: true; readonly store: SettingsStore }
  | {
      readonly ok: false;
      readonly faults: readonly SettingsFault[];
      /** Takes in sound settings in place of these, which are kept beside them. */
      readonly replace: SettingsStore['import'];
    };

export function openSettingsStore(dataDir: DataDir, secrets: SecretStore): SettingsLoad {
  const stored = readStored(dataDir.settingsPath);
  if (stored?.ok) return { ok: true, store: storeOf(dataDir, secrets, stored.settings) };
  const lastGood = readStored(lastGoodPath(dataDir));
  if (lastGood?.ok) {
    const faults = stored?.faults ?? [{ path: '', message: 'is missing' }];
    return { ok: true, store: storeOf(dataDir, secrets, lastGood.settings, faults) };
  }
  const initial = storeOf(dataDir, secrets, defaultSettings(), stored?.faults ?? null);
  return stored === null
    ? { ok: true, store: initial }
    : { ok: false, faults: stored.faults, replace: initial.import };
}

/** A copy of the settings as they were last taken in. */
function lastGoodPath(dataDir: DataDir): string {
  return `${dataDir.settingsPath}.last-good`;
}

/**
 * Keeps a copy of settings that are in force and sound, to stand in for them should they be damaged. That the disk does
 * not take it is no reason to stop: the settings themselves are written. Gives whether there was a copy of others.
 */
export function keepLastGood(dataDir: DataDir, settings: Settings): boolean {
  // Nothing was taken in yet: a copy of the defaults would make a missing file look like a loss.
  if (!existsSync(dataDir.settingsPath)) return false;
  const text = textOf(settings);
  const path = lastGoodPath(dataDir);
  try {
    const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
    if (before !== text) writeFileAtomic(path, text);
    return before !== null && before !== text;
  } catch {
    // An older copy, or none, is what then stands in for a damaged file.
    return false;
  }
}

function textOf(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function revisionOf(settings: Settings): string {
  return createHash('sha256').update(textOf(settings)).digest('base64url');
}

function readStored(path: string): ReturnType<typeof parseText> | null {
  return existsSync(path) ? parseText(readFileSync(path, 'utf8')) : null;
}

function storeOf(
  dataDir: DataDir,
  secrets: SecretStore,
  stored: Settings,
  faults: readonly SettingsFault[] | null = null,
): SettingsStore {
  let settings = stored;
  let storedFaults = faults;
  let revision = revisionOf(stored);
  const isEnrolled = () => existsSync(dataDir.relayPath);
  const hasPassword = (server: SmtpServerSettings) => secrets.get(secretNames(server)[0] ?? '') !== null;
  const hasMailboxPassword = (mailbox: MailboxSettings) => secrets.get(mailboxSecretName(mailbox)) !== null;
  return {
    current: () => settings,
    revision: () => revision,
    check(document) {
      const read = parseSettings(document, { cronFault });
      if (!read.ok) return { faults: read.faults, warnings: [] };
      const isEntered = ({ auth }: SmtpServerSettings) =>
        auth.method === 'password' && auth.password !== undefined;
      const hasOne = (server: SmtpServerSettings) => isEntered(server) || hasPassword(server);
      const isMailboxEntered = (mailbox: MailboxSettings) =>
        mailbox.password !== undefined || hasMailboxPassword(mailbox);
      const warnings = settingsWarnings(read.settings, hasOne, isMailboxEntered, isEnrolled());
      return { faults: [], warnings };
    },
    standsInFor: () => storedFaults,
    smtpPassword: (server) => secrets.get(secretNames(server).at(-1) ?? ''),
    mailboxPassword: (mailbox) => secrets.get(mailboxSecretName(mailbox)),
    import(text, baseDir) {
      const read = Buffer.byteLength(text) > SETTINGS_MAX_BYTES ? TOO_LARGE : parseText(text);
      if (!read.ok) return read;
      const authorities = takeInAuthorities(withFullFolders(read.settings, baseDir), baseDir, dataDir.caDir);
      if (!authorities.ok) return authorities;
      const { bare, found } = takeOutSecrets(authorities.settings);
      const known = new Map([...found].filter(([, secret]) => secret !== null));
      // First what is new, then the settings that need it, then what nobody needs any more: a crash in between leaves
      // a secret too many, never one too few.
      if (known.size > 0) secrets.change(known);
      for (const write of authorities.writes) write();
      makeOwnerOnlyDir(dataDir.path);
      if (storedFaults !== null) keepDamagedCopy(dataDir.settingsPath);
      writeFileAtomic(dataDir.settingsPath, textOf(bare));
      keepLastGood(dataDir, bare);
      storedFaults = null;
      const before = settings;
      settings = bare;
      revision = revisionOf(bare);
      forgetUnused(secrets, before, found);
      return {
        ok: true,
        settings,
        warnings: [
          ...authorities.warnings,
          ...settingsWarnings(settings, hasPassword, hasMailboxPassword, isEnrolled()),
        ],
      };
    },
  };
}

/** Of the same size for files and for what an editor hands over. */
const TOO_LARGE = {
  ok: false,
  faults: [
    { path: '', message: `is larger than a settings file may be (${SETTINGS_MAX_BYTES / 1024 / 1024} MiB)` },
  ],
} as const;

function parseText(
  text: string,
): { ok: true; settings: Settings } | { ok: false; faults: readonly SettingsFault[] } {
  const bare = text.replace(/^\uFEFF/, '');
  if (isNestedTooDeep(bare)) return { ok: false, faults: [{ path: '', message: NESTED_TOO_DEEP }] };
  let document: unknown;
  try {
    document = JSON.parse(bare);
  } catch {
    return { ok: false, faults: [{ path: '', message: `is not valid JSON: ${jsonFault(bare)}` }] };
  }
  return parseSettings(document, { cronFault });
}

/** Folders of file alerts, made full: the agent's working folder is nobody's business. */
function withFullFolders(settings: Settings, baseDir: string): Settings {
  const fileAlerts = settings.fileAlerts.map((entry) => ({
    ...entry,
    folder: resolve(baseDir, entry.folder),
  }));
  return { ...settings, fileAlerts };
}

/**
 * What is kept for a server, the one that lets Tocsin log in first, what stands in the settings on its way here last: its
 * password; or a sign-in by OAuth 2.0 and the secret of the app.
 */
function secretNames(server: SmtpServerSettings): readonly string[] {
  const { auth } = server;
  switch (auth.method) {
    case 'none':
      return [];
    case 'password':
      return [`smtp ${server.host.toLowerCase()}:${server.port} ${auth.user}`];
    case 'oauth2': {
      const { grant, client } = oauthSecretNames(server, auth);
      return [grant, client];
    }
  }
}

function mailboxSecretName(mailbox: MailboxSettings): string {
  return `mailbox ${mailbox.protocol} ${mailbox.host.toLowerCase()}:${mailbox.port} ${mailbox.user}`;
}

/** The settings without passwords, and the passwords (null where one was left out) by the names they are kept under. */
function takeOutSecrets(settings: Settings): { bare: Settings; found: Map<string, string | null> } {
  const found = new Map<string, string | null>();
  const servers = settings.smtp.servers.map((server) => {
    const { auth: whole } = server;
    // Null keeps what is stored: a sign-in is never part of a settings file.
    for (const name of secretNames(server)) found.set(name, null);
    const name = secretNames(server).at(-1) ?? '';
    switch (whole.method) {
      case 'none':
        return server;
      case 'password': {
        const { password, ...auth } = whole;
        found.set(name, password ?? null);
        return { ...server, auth };
      }
      case 'oauth2': {
        const { clientSecret, ...auth } = whole;
        found.set(name, clientSecret ?? null);
        return { ...server, auth };
      }
    }
  });
  let mailbox = settings.mailbox;
  if (mailbox) {
    const { password, ...rest } = mailbox;
    found.set(mailboxSecretName(mailbox), password ?? null);
    mailbox = rest;
  }
  return { bare: { ...settings, smtp: { ...settings.smtp, servers }, mailbox }, found };
}

function forgetUnused(
  secrets: SecretStore,
  before: Settings,
  stillUsed: ReadonlyMap<string, string | null>,
): void {
  const unused = [...takeOutSecrets(before).found.keys()].filter((name) => !stillUsed.has(name));
  if (unused.length === 0) return;
  try {
    secrets.change(new Map(unused.map((name) => [name, null])));
  } catch {
    // The new settings are in force already, and a secret too many harms less than an import half done.
  }
}
