import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKeyFileSecretStore } from '../../../../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../../../../electron/agent/settings/settings-store.ts';
import { exampleSettings } from '../../../../fakes/example-settings.ts';

import { SettingsRig } from '../../../../fakes/settings-rig.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

let rig: SettingsRig;
beforeEach(() => {
  rig = new SettingsRig();
});

describe('settings', () => {
  test('are kept over a restart, passwords in the secret store', () => {
    expect(rig.take(rig.open(), exampleSettings()).ok).toBe(true);
    const again = rig.open();
    expect(again.current().installation.name).toBe('front-desk');
    expect(rig.passwordOf(again)).toBe('canary-smtp-password');
  });

  test('never hold a password, nor does any file of the data folder (I11)', () => {
    const store = rig.open();
    rig.take(store, exampleSettings());
    expect(JSON.stringify(store.current())).not.toContain('canary');
    expect(rig.everythingOnDisk()).not.toContain('canary');
    expect(rig.everythingOnDisk()).not.toContain(Buffer.from('canary-smtp-password').toString('base64'));
  });

  test('only the user may read what they are kept in', () => {
    rig.take(rig.open(), exampleSettings());
    for (const path of [rig.dataDir.settingsPath, rig.dataDir.secretsPath, rig.dataDir.keyPath]) {
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  test('with one fault are refused as a whole, and the old ones stand', () => {
    const store = rig.open();
    rig.take(store, exampleSettings());
    const before = rig.everythingOnDisk();
    const document = exampleSettings();
    document.installation.name = 'other';
    document.smtp.servers[0].auth.password = 'canary-other';
    document.alerts[0].match = 'some';
    const outcome = rig.take(store, document);
    expect(outcome).toMatchObject({ ok: false, faults: [{ path: 'alerts[0].match' }] });
    expect(rig.everythingOnDisk()).toBe(before);
    expect(store.current().installation.name).toBe('front-desk');
    expect(rig.passwordOf(store)).toBe('canary-smtp-password');
  });

  test('that are not JSON are refused with the place', () => {
    const outcome = rig.open().import('{"version": 1,', rig.baseDir);
    expect(outcome).toMatchObject({
      ok: false,
      faults: [{ path: '', message: expect.stringMatching(/not valid JSON/) }],
    });
  });

  test('that are nested beyond measure are refused without being read', () => {
    const text = `{"version":1,"alerts":${'['.repeat(64)}${']'.repeat(64)}}`;
    const faults = [{ path: '', message: 'is nested deeper than 64 levels' }];
    expect(rig.open().import(text, rig.baseDir)).toMatchObject({ ok: false, faults });
  });

  test('may begin with the byte order mark that Windows editors write', () => {
    expect(rig.open().import('\uFEFF{"version":1}', rig.baseDir).ok).toBe(true);
  });

  test('a password that is left out keeps the one stored for the same server and user', () => {
    const store = rig.open();
    rig.take(store, exampleSettings());
    const document = exampleSettings();
    delete document.smtp.servers[0].auth.password;
    document.installation.name = 'renamed';
    expect(rig.take(store, document).ok).toBe(true);
    expect(rig.passwordOf(store)).toBe('canary-smtp-password');
  });

  test('a password of a server that is no longer set is forgotten', () => {
    const store = rig.open();
    rig.take(store, exampleSettings());
    const document = exampleSettings();
    document.smtp.servers = [];
    rig.take(store, document);
    expect(readFileSync(rig.dataDir.secretsPath, 'utf8')).not.toContain('smtp ');
    const auth = { method: 'password', user: 'tocsin' };
    rig.take(store, { version: 1, smtp: { servers: [{ host: 'mail.contoso.example', auth }] } });
    expect(rig.passwordOf(store)).toBeNull();
  });

  test('what is exported can be imported again as it is', () => {
    const store = rig.open();
    rig.take(store, exampleSettings());
    const exported = store.current();
    expect(rig.take(store, exported)).toMatchObject({ ok: true, settings: exported });
    expect(rig.passwordOf(store)).toBe('canary-smtp-password');
  });

  test('a missing password, an unencrypted login and a missing recipient are warned of', () => {
    const outcome = rig.take(rig.open(), {
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
    const outcome = rig.take(rig.open(), { version: 1, smtp: { servers: [server] } });
    const paths = outcome.ok ? outcome.warnings.map(({ path }) => path) : [];
    expect(paths.includes('smtp.servers[0].certificateSha256')).toBe(isWarned);
  });

  test('a computer that is not enrolled and a mailbox without a password are warned of', () => {
    const document = exampleSettings();
    delete document.mailbox.password;
    const outcome = rig.take(rig.open(), document);
    const paths = outcome.ok ? outcome.warnings.map(({ path }) => path) : [];
    expect(paths).toEqual(expect.arrayContaining(['mailbox.password', 'emailProperties.smtpOverride']));
  });

  test('the folder of a file alert is taken from beside the settings file', () => {
    const store = rig.open();
    const document = exampleSettings();
    document.fileAlerts[0].folder = 'requests';
    rig.take(store, document);
    expect(store.current().fileAlerts[0]?.folder).toBe(join(rig.baseDir, 'requests'));
  });

  test('a text message to a gateway that was shut down is warned of', () => {
    const document = exampleSettings();
    document.alerts[0].sms = ['5551234@TXT.att.net', '5551234@sms.example'];
    document.profile.sms = ['5551234@vtext.com'];
    const outcome = rig.take(rig.open(), document);
    const warnings = outcome.ok ? outcome.warnings.filter(({ path }) => path.includes('sms')) : [];
    expect(warnings.map(({ path, message }) => [path, message.includes('shut down')])).toEqual([
      ['profile.sms[0]', false],
      ['alerts[0].sms[0]', true],
    ]);
  });

  test('a stored file that was damaged is named, not replaced', () => {
    writeFileSync(rig.dataDir.settingsPath, '{"version":1,"alerts":[{]}');
    const loaded = openSettingsStore(rig.dataDir, createKeyFileSecretStore(rig.dataDir));
    expect(loaded.ok).toBe(false);
    expect(readFileSync(rig.dataDir.settingsPath, 'utf8')).toBe('{"version":1,"alerts":[{]}');
  });
});

describe('the CA file', () => {
  test('is copied into the data folder, from beside the settings file', () => {
    writeFileSync(join(rig.baseDir, 'contoso-ca.pem'), PEM);
    const store = rig.open();
    expect(rig.take(store, exampleSettings())).toMatchObject({ ok: true });
    const path = store.current().smtp.servers[0]?.caFile ?? '';
    expect(path.startsWith(rig.dataDir.caDir)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(PEM);
  });

  test('that is missing is warned of; one that holds no certificate is a fault', () => {
    const store = rig.open();
    const outcome = rig.take(store, exampleSettings());
    expect(outcome.ok ? outcome.warnings.map((warning) => warning.path) : []).toContain(
      'smtp.servers[0].caFile',
    );
    writeFileSync(join(rig.baseDir, 'contoso-ca.pem'), 'not a certificate');
    expect(rig.take(store, exampleSettings())).toMatchObject({
      ok: false,
      faults: [{ path: 'smtp.servers[0].caFile' }],
    });
    expect(existsSync(rig.dataDir.caDir)).toBe(false);
  });
});
