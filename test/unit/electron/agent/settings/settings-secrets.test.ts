import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKeyFileSecretStore } from '../../../../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../../../../electron/agent/settings/settings-store.ts';
import { oauthSecretNames } from '../../../../../electron/agent/oauth/provider.ts';

import { SettingsRig } from '../../../../fakes/settings-rig.ts';

let rig: SettingsRig;
beforeEach(() => {
  rig = new SettingsRig();
});

describe('secrets', () => {
  test('cannot be read without the key, or under another name', () => {
    const store = createKeyFileSecretStore(rig.dataDir);
    const both = new Map([
      ['smtp a', 'one'],
      ['smtp b', 'two'],
    ]);
    store.change(both);
    const file = JSON.parse(readFileSync(rig.dataDir.secretsPath, 'utf8'));
    [file.secrets['smtp a'], file.secrets['smtp b']] = [file.secrets['smtp b'], file.secrets['smtp a']];
    writeFileSync(rig.dataDir.secretsPath, JSON.stringify(file));
    expect(createKeyFileSecretStore(rig.dataDir).get('smtp a')).toBeNull();
    store.change(both);
    expect(createKeyFileSecretStore(rig.dataDir).get('smtp b')).toBe('two');
    writeFileSync(rig.dataDir.keyPath, Buffer.alloc(32).toString('base64'));
    expect(createKeyFileSecretStore(rig.dataDir).get('smtp b')).toBeNull();
  });

  test('are the same after a restart, whatever characters they have', () => {
    const secret = 'pässwörd "with" \u0000 \\ everything 🔔';
    createKeyFileSecretStore(rig.dataDir).change(new Map([['smtp a', secret]]));
    expect(createKeyFileSecretStore(rig.dataDir).get('smtp a')).toBe(secret);
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
    const outcome = rig.take(rig.open(), document);
    return outcome.ok ? outcome.warnings.map(({ path, message }) => `${path} ${message}`) : outcome.faults;
  };
  const AUTH = 'smtp.servers[0].auth';
  const TOKEN_URL = 'https://login.example/token';

  test('has the secret of its app kept as a password is', () => {
    const store = rig.open();
    rig.take(store, signing({ clientSecret: 'canary-app-secret' }));
    expect(rig.everythingOnDisk() + JSON.stringify(store.current())).not.toContain('canary');
    rig.take(store, signing());
    expect(rig.passwordOf(rig.open())).toBe('canary-app-secret');
    rig.take(store, { version: 1 });
    rig.take(store, signing());
    expect(rig.passwordOf(rig.open())).toBe(null);
  });

  test('has its sign-in forgotten with it, and kept while it stays', () => {
    const secrets = createKeyFileSecretStore(rig.dataDir);
    const loaded = openSettingsStore(rig.dataDir, secrets);
    if (!loaded.ok) throw new Error('not loaded');
    rig.take(loaded.store, signing());
    const [server] = loaded.store.current().smtp.servers;
    if (server?.auth.method !== 'oauth2') throw new Error('not there');
    const { grant } = oauthSecretNames(server, server.auth);
    secrets.change(new Map([[grant, 'a sign-in']]));
    rig.take(loaded.store, signing({ scope: 'another' }));
    expect(secrets.get(grant)).toBe('a sign-in');
    rig.take(loaded.store, signing({ clientId: 'another app' }));
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
