import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type DataDir, dataDirAt } from '../../../../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../../../../../electron/agent/platform/files.ts';
import { createKeyFileSecretStore } from '../../../../../electron/agent/settings/secret-store.ts';
import {
  openSettingsStore,
  type SettingsStore,
} from '../../../../../electron/agent/settings/settings-store.ts';
import { oauthSecretNames } from '../../../../../electron/agent/oauth/provider.ts';
import { exampleSettings } from '../../../../fakes/example-settings.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

let baseDir: string;
let dataDir: DataDir;

beforeEach(() => {
  baseDir = scratchDir();
  dataDir = dataDirAt(join(baseDir, 'data'));
  makeOwnerOnlyDir(dataDir.path);
});

function open(): SettingsStore {
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.store;
}

function take(store: SettingsStore, document: object) {
  return store.import(JSON.stringify(document), baseDir);
}

function passwordOf(store: SettingsStore): string | null {
  const [server] = store.current().smtp.servers;
  return server ? store.smtpPassword(server) : null;
}

/** Everything in the data folder as text, to look for what must not be there. */
function everythingOnDisk(): string {
  return readdirSync(dataDir.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('settings', () => {
  test('are kept over a restart, passwords in the secret store', () => {
    expect(take(open(), exampleSettings()).ok).toBe(true);
    const again = open();
    expect(again.current().installation.name).toBe('front-desk');
    expect(passwordOf(again)).toBe('canary-smtp-password');
  });

  test('never hold a password, nor does any file of the data folder (I11)', () => {
    const store = open();
    take(store, exampleSettings());
    expect(JSON.stringify(store.current())).not.toContain('canary');
    expect(everythingOnDisk()).not.toContain('canary');
    expect(everythingOnDisk()).not.toContain(Buffer.from('canary-smtp-password').toString('base64'));
  });

  test('only the user may read what they are kept in', () => {
    take(open(), exampleSettings());
    for (const path of [dataDir.settingsPath, dataDir.secretsPath, dataDir.keyPath]) {
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  test('with one fault are refused as a whole, and the old ones stand', () => {
    const store = open();
    take(store, exampleSettings());
    const before = everythingOnDisk();
    const document = exampleSettings();
    document.installation.name = 'other';
    document.smtp.servers[0].auth.password = 'canary-other';
    document.alerts[0].match = 'some';
    const outcome = take(store, document);
    expect(outcome).toMatchObject({ ok: false, faults: [{ path: 'alerts[0].match' }] });
    expect(everythingOnDisk()).toBe(before);
    expect(store.current().installation.name).toBe('front-desk');
    expect(passwordOf(store)).toBe('canary-smtp-password');
  });

  test('that are not JSON are refused with the place', () => {
    const outcome = open().import('{"version": 1,', baseDir);
    expect(outcome).toMatchObject({
      ok: false,
      faults: [{ path: '', message: expect.stringMatching(/not valid JSON/) }],
    });
  });

  test('that are nested beyond measure are refused without being read', () => {
    const text = `{"version":1,"alerts":${'['.repeat(64)}${']'.repeat(64)}}`;
    const faults = [{ path: '', message: 'is nested deeper than 64 levels' }];
    expect(open().import(text, baseDir)).toMatchObject({ ok: false, faults });
  });

  test('may begin with the byte order mark that Windows editors write', () => {
    expect(open().import('\uFEFF{"version":1}', baseDir).ok).toBe(true);
  });

  test('a password that is left out keeps the one stored for the same server and user', () => {
    const store = open();
    take(store, exampleSettings());
    const document = exampleSettings();
    delete document.smtp.servers[0].auth.password;
    document.installation.name = 'renamed';
    expect(take(store, document).ok).toBe(true);
    expect(passwordOf(store)).toBe('canary-smtp-password');
  });

  test('a password of a server that is no longer set is forgotten', () => {
    const store = open();
    take(store, exampleSettings());
    const document = exampleSettings();
    document.smtp.servers = [];
    take(store, document);
    expect(readFileSync(dataDir.secretsPath, 'utf8')).not.toContain('smtp ');
    const auth = { method: 'password', user: 'tocsin' };
    take(store, { version: 1, smtp: { servers: [{ host: 'mail.contoso.example', auth }] } });
    expect(passwordOf(store)).toBeNull();
  });

  test('what is exported can be imported again as it is', () => {
    const store = open();
    take(store, exampleSettings());
    const exported = store.current();
    expect(take(store, exported)).toMatchObject({ ok: true, settings: exported });
    expect(passwordOf(store)).toBe('canary-smtp-password');
  });

  test('a missing password, an unencrypted login and a missing recipient are warned of', () => {
    const outcome = take(open(), {
      version: 1,
      smtp: { servers: [{ host: 'mail.contoso.example', auth: { method: 'password', user: 'tocsin' } }] },
      alerts: [{ name: 'Silent', conditions: [{ metric: 'cpu.usedPercent', above: 90 }] }],
    });
    if (!outcome.ok) throw new Error('refused');
    expect(outcome.warnings.map((warning) => warning.path)).toEqual([
      'smtp.servers[0].auth.password',
      'smtp.servers[0].auth',
      'smtp.from',
      'alerts[0].recipients',
    ]);
  });

  test.each([
    ['none', true],
    ['starttls', false],
  ])('a trusted certificate without encryption is warned of: %s', (security, isWarned) => {
    const server = { host: 'mail.contoso.example', security, certificateSha256: 'ab'.repeat(32) };
    const outcome = take(open(), { version: 1, smtp: { servers: [server] } });
    const paths = outcome.ok ? outcome.warnings.map(({ path }) => path) : [];
    expect(paths.includes('smtp.servers[0].certificateSha256')).toBe(isWarned);
  });

  test('a computer that is not enrolled and a mailbox without a password are warned of', () => {
    const document = exampleSettings();
    delete document.mailbox.password;
    const outcome = take(open(), document);
    const paths = outcome.ok ? outcome.warnings.map(({ path }) => path) : [];
    expect(paths).toEqual(expect.arrayContaining(['mailbox.password', 'emailProperties.smtpOverride']));
  });

  test('the folder of a file alert is taken from beside the settings file', () => {
    const store = open();
    const document = exampleSettings();
    document.fileAlerts[0].folder = 'requests';
    take(store, document);
    expect(store.current().fileAlerts[0]?.folder).toBe(join(baseDir, 'requests'));
  });

  test('a text message to a gateway that was shut down is warned of', () => {
    const document = exampleSettings();
    document.alerts[0].sms = ['5551234@TXT.att.net', '5551234@sms.example'];
    document.profile.sms = ['5551234@vtext.com'];
    const outcome = take(open(), document);
    const warnings = outcome.ok ? outcome.warnings.filter(({ path }) => path.includes('sms')) : [];
    expect(warnings.map(({ path, message }) => [path, message.includes('shut down')])).toEqual([
      ['profile.sms[0]', false],
      ['alerts[0].sms[0]', true],
    ]);
  });

  test('a stored file that was damaged is named, not replaced', () => {
    writeFileSync(dataDir.settingsPath, '{"version":1,"alerts":[{]}');
    const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
    expect(loaded.ok).toBe(false);
    expect(readFileSync(dataDir.settingsPath, 'utf8')).toBe('{"version":1,"alerts":[{]}');
  });
});

describe('the CA file', () => {
  test('is copied into the data folder, from beside the settings file', () => {
    writeFileSync(join(baseDir, 'contoso-ca.pem'), PEM);
    const store = open();
    expect(take(store, exampleSettings())).toMatchObject({ ok: true });
    const path = store.current().smtp.servers[0]?.caFile ?? '';
    expect(path.startsWith(dataDir.caDir)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(PEM);
  });

  test('that is missing is warned of; one that holds no certificate is a fault', () => {
    const store = open();
    const outcome = take(store, exampleSettings());
    expect(outcome.ok ? outcome.warnings.map((warning) => warning.path) : []).toContain(
      'smtp.servers[0].caFile',
    );
    writeFileSync(join(baseDir, 'contoso-ca.pem'), 'not a certificate');
    expect(take(store, exampleSettings())).toMatchObject({
      ok: false,
      faults: [{ path: 'smtp.servers[0].caFile' }],
    });
    expect(existsSync(dataDir.caDir)).toBe(false);
  });
});

describe('secrets', () => {
  test('cannot be read without the key, or under another name', () => {
    const store = createKeyFileSecretStore(dataDir);
    const both = new Map([
      ['smtp a', 'one'],
      ['smtp b', 'two'],
    ]);
    store.change(both);
    const file = JSON.parse(readFileSync(dataDir.secretsPath, 'utf8'));
    [file.secrets['smtp a'], file.secrets['smtp b']] = [file.secrets['smtp b'], file.secrets['smtp a']];
    writeFileSync(dataDir.secretsPath, JSON.stringify(file));
    expect(createKeyFileSecretStore(dataDir).get('smtp a')).toBeNull();
    store.change(both);
    expect(createKeyFileSecretStore(dataDir).get('smtp b')).toBe('two');
    writeFileSync(dataDir.keyPath, Buffer.alloc(32).toString('base64'));
    expect(createKeyFileSecretStore(dataDir).get('smtp b')).toBeNull();
  });

  test('are the same after a restart, whatever characters they have', () => {
    const secret = 'pässwörd "with" \u0000 \\ everything 🔔';
    createKeyFileSecretStore(dataDir).change(new Map([['smtp a', secret]]));
    expect(createKeyFileSecretStore(dataDir).get('smtp a')).toBe(secret);
  });
});

describe('a server that logs in by OAuth 2.0', () => {
  const signing = (changes: object = {}) => ({
    version: 1,
    smtp: {
      servers: [
        {
          host: 'smtp.office365.com',
          port: 587,
          security: 'starttls',
          auth: { method: 'oauth2', user: 'tocsin@contoso.example', clientId: 'app', ...changes },
        },
      ],
      from: { address: 'tocsin@contoso.example' },
    },
  });
  const said = (document: object) => {
    const outcome = take(open(), document);
    return outcome.ok ? outcome.warnings.map(({ path, message }) => `${path} ${message}`) : outcome.faults;
  };
  const AUTH = 'smtp.servers[0].auth';
  const TOKEN_URL = 'https://login.example/token';

  test('has the secret of its app kept as a password is', () => {
    const store = open();
    take(store, signing({ clientSecret: 'canary-app-secret' }));
    expect(everythingOnDisk() + JSON.stringify(store.current())).not.toContain('canary');
    take(store, signing());
    expect(passwordOf(open())).toBe('canary-app-secret');
    take(store, { version: 1 });
    take(store, signing());
    expect(passwordOf(open())).toBe(null);
  });

  test('has its sign-in forgotten with it, and kept while it stays', () => {
    const secrets = createKeyFileSecretStore(dataDir);
    const loaded = openSettingsStore(dataDir, secrets);
    if (!loaded.ok) throw new Error('not loaded');
    take(loaded.store, signing());
    const [server] = loaded.store.current().smtp.servers;
    if (server?.auth.method !== 'oauth2') throw new Error('not there');
    const { grant } = oauthSecretNames(server, server.auth);
    secrets.change(new Map([[grant, 'a sign-in']]));
    take(loaded.store, signing({ scope: 'another' }));
    expect(secrets.get(grant)).toBe('a sign-in');
    take(loaded.store, signing({ clientId: 'another app' }));
    expect(secrets.get(grant)).toBe(null);
  });

  test.each<readonly [string, object, readonly unknown[]]>([
    [
      'waits for a sign-in',
      {},
      [`${AUTH} waits for somebody to sign in; this server is not used until then (“tocsin sign-in”)`],
    ],
    ['lacks its app', { clientId: null }, [`${AUTH}.clientId is not set; nobody can sign in until it is`]],
    [
      'has a provider of its own without endpoints',
      { provider: 'custom' },
      [
        `${AUTH}.tokenEndpoint is not set; nobody can sign in until it is`,
        `${AUTH}.deviceEndpoint is not set, nor is authorizationEndpoint; nobody can sign in without one of them`,
      ],
    ],
    [
      'would send tokens in clear',
      { provider: 'custom', tokenEndpoint: 'http://login.example/token' },
      [
        {
          path: `${AUTH}.tokenEndpoint`,
          message: 'must begin with https://; plain http is allowed only to this computer itself',
        },
      ],
    ],
    [
      'has an endpoint that is none',
      { deviceEndpoint: 'login.example' },
      [
        {
          path: `${AUTH}.deviceEndpoint`,
          message: 'must be an address such as https://login.example/oauth2/token',
        },
      ],
    ],
    [
      'has an endpoint with a user name in it',
      { tokenEndpoint: 'https://a:b@login.example/token' },
      [
        {
          path: `${AUTH}.tokenEndpoint`,
          message: 'must be an address such as https://login.example/oauth2/token',
        },
      ],
    ],
    [
      'has the secret of its app shown as it is shown on pages',
      { provider: 'custom', tokenEndpoint: TOKEN_URL, clientSecret: '****' },
      [{ path: `${AUTH}.clientSecret`, message: expect.stringContaining('leave the key out') as string }],
    ],
  ])('is told what it lacks: one that %s', (_rule, changes, expected) => {
    expect(said(signing(changes))).toEqual(expected);
  });
});
