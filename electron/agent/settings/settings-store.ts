import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import {
  defaultSettings,
  type Settings,
  type SmtpServerSettings,
} from '../../../shared/contract/settings.ts';
import { parseSettings, type SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { smsGatewayWarning } from '../../../shared/sms-gateways.ts';
import { keepDamagedCopy } from '../platform/damaged-files.ts';
import type { DataDir } from '../platform/data-dir.ts';
import { makeOwnerOnlyDir, writeFileAtomic } from '../platform/files.ts';
import { cronFault } from './cron.ts';
import { jsonFault } from './json-fault.ts';
import type { SecretStore } from './secret-store.ts';

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
  smtpPassword(server: SmtpServerSettings): string | null;
  /** Faults of the stored file, for which the last good copy stands in (safe mode) until sound settings are taken in. */
  standsInFor(): readonly SettingsFault[] | null;
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
  return {
    current: () => settings,
    standsInFor: () => storedFaults,
    smtpPassword: (server) => secrets.get(smtpSecretName(server)),
    import(text, baseDir) {
      const read = parseText(text);
      if (!read.ok) return read;
      const authorities = takeInAuthorities(read.settings, baseDir, dataDir.caDir);
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
      forgetUnused(secrets, before, found);
      return {
        ok: true,
        settings,
        warnings: [...authorities.warnings, ...settingsWarnings(settings, secrets)],
      };
    },
  };
}

function parseText(
  text: string,
): { ok: true; settings: Settings } | { ok: false; faults: readonly SettingsFault[] } {
  const bare = text.replace(/^\uFEFF/, '');
  let document: unknown;
  try {
    document = JSON.parse(bare);
  } catch {
    return { ok: false, faults: [{ path: '', message: `is not valid JSON: ${jsonFault(bare)}` }] };
  }
  return parseSettings(document, { cronFault });
}

function smtpSecretName(server: SmtpServerSettings): string {
  const user = server.auth.method === 'none' ? '' : server.auth.user;
  return `smtp ${server.host.toLowerCase()}:${server.port} ${user}`;
}

function mailboxSecretName(mailbox: NonNullable<Settings['mailbox']>): string {
  return `mailbox ${mailbox.protocol} ${mailbox.host.toLowerCase()}:${mailbox.port} ${mailbox.user}`;
}

/** The settings without passwords, and the passwords (null where one was left out) by the names they are kept under. */
function takeOutSecrets(settings: Settings): { bare: Settings; found: Map<string, string | null> } {
  const found = new Map<string, string | null>();
  const servers = settings.smtp.servers.map((server) => {
    if (server.auth.method !== 'password') return server;
    const { password, ...auth } = server.auth;
    found.set(smtpSecretName(server), password ?? null);
    return { ...server, auth };
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

type Authorities =
  | { ok: true; settings: Settings; writes: (() => void)[]; warnings: SettingsFault[] }
  | { ok: false; faults: SettingsFault[] };

/** Copies CA files into the data folder, because the place they were imported from may be a stick or a share. */
function takeInAuthorities(settings: Settings, baseDir: string, caDir: string): Authorities {
  const writes: (() => void)[] = [];
  const warnings: SettingsFault[] = [];
  const faults: SettingsFault[] = [];
  const servers = settings.smtp.servers.map((server, index) => {
    if (server.caFile === null) return server;
    const path = `smtp.servers[${index}].caFile`;
    const sourcePath = isAbsolute(server.caFile) ? server.caFile : resolve(baseDir, server.caFile);
    if (dirname(sourcePath) === caDir && existsSync(sourcePath)) return server;
    let pem: string;
    try {
      pem = readFileSync(sourcePath, 'utf8');
    } catch {
      const message = `${sourcePath} cannot be read; until it is there, only authorities this computer knows are trusted`;
      warnings.push({ path, message });
      return { ...server, caFile: sourcePath };
    }
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
      faults.push({
        path,
        message: `${sourcePath} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)`,
      });
      return server;
    }
    const digest = createHash('sha256').update(pem).digest('hex').slice(0, 12);
    const targetPath = join(caDir, `${digest}-${basename(sourcePath)}`);
    writes.push(() => {
      makeOwnerOnlyDir(caDir);
      writeFileAtomic(targetPath, pem);
    });
    return { ...server, caFile: targetPath };
  });
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, settings: { ...settings, smtp: { ...settings.smtp, servers } }, writes, warnings };
}

/** What is allowed, and will not do what people expect until something is added. */
function settingsWarnings(settings: Settings, secrets: Pick<SecretStore, 'get'>): SettingsFault[] {
  const warnings: SettingsFault[] = [];
  settings.smtp.servers.forEach((server, index) => {
    const path = `smtp.servers[${index}].auth`;
    if (server.auth.method === 'password') {
      if (secrets.get(smtpSecretName(server)) === null) {
        warnings.push({
          path: `${path}.password`,
          message: 'is not set; this server is not used until it is',
        });
      }
      if (server.security === 'none') {
        warnings.push({
          path,
          message: 'sends the password unencrypted; set "security" to starttls or tls if the server can',
        });
      }
    }
  });
  if (settings.smtp.servers.length > 0 && settings.smtp.from === null) {
    warnings.push({
      path: 'smtp.from',
      message: 'is not set; many servers refuse mail without a sender address they know',
    });
  }
  settings.alerts.forEach((alert, index) => {
    if (alert.recipients.length === 0 && alert.sms.length === 0) {
      warnings.push({
        path: `alerts[${index}].recipients`,
        message: `is empty; “${alert.name}” will tell nobody`,
      });
    }
  });
  const sms = [
    ...settings.profile.sms.map((address, index) => ({ path: `profile.sms[${index}]`, address })),
    ...settings.alerts.flatMap((alert, index) =>
      alert.sms.map((address, position) => ({ path: `alerts[${index}].sms[${position}]`, address })),
    ),
  ];
  for (const { path, address } of sms) {
    const message = smsGatewayWarning(address);
    if (message !== null) warnings.push({ path, message });
  }
  settings.reports.forEach((report, index) => {
    if (report.recipients.length === 0) {
      warnings.push({
        path: `reports[${index}].recipients`,
        message: `is empty; “${report.name}” will go to nobody`,
      });
    }
  });
  return warnings;
}
