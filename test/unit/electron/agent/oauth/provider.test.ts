import { describe, expect, test } from 'vitest';
import {
  type OAuthSettings,
  oauthSecretNames,
  providerOf,
} from '../../../../../electron/agent/oauth/provider.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';

function authOf(changes: object): OAuthSettings {
  const auth = { method: 'oauth2', user: 'a@contoso.example', clientId: 'app', ...changes };
  const { smtp } = settingsSchema.parse({ version: 1, smtp: { servers: [{ host: 'mail.example', auth }] } });
  return smtp.servers[0]?.auth as OAuthSettings;
}

const MICROSOFT = 'https://login.microsoftonline.com';
const CUSTOM = { provider: 'custom', tokenEndpoint: 'https://login.example/token' };

describe('a provider', () => {
  test.each<readonly [string, object, object]>([
    [
      'Microsoft: by a code, for any organisation',
      {},
      {
        label: 'Microsoft',
        tokenEndpoint: `${MICROSOFT}/organizations/oauth2/v2.0/token`,
        deviceEndpoint: `${MICROSOFT}/organizations/oauth2/v2.0/devicecode`,
        redirectHost: 'localhost',
        flows: ['device', 'browser'],
      },
    ],
    [
      'Microsoft with a tenant, which cannot leave its place in the address',
      { tenant: '../evil?x' },
      { tokenEndpoint: `${MICROSOFT}/..%2Fevil%3Fx/oauth2/v2.0/token` },
    ],
    [
      'Microsoft in a cloud of its own',
      { tokenEndpoint: 'https://login.microsoftonline.us/t/oauth2/v2.0/token' },
      { tokenEndpoint: 'https://login.microsoftonline.us/t/oauth2/v2.0/token', label: 'Microsoft' },
    ],
    [
      'Google: in the browser alone, and each time with what renews it',
      { provider: 'google' },
      {
        label: 'Google',
        flows: ['browser'],
        redirectHost: '127.0.0.1',
        extra: { access_type: 'offline', prompt: 'consent' },
        scope: 'https://mail.google.com/ openid email',
      },
    ],
    ['one of one’s own is called by its host', CUSTOM, { label: 'login.example', flows: [] }],
    [
      'one of one’s own, by what it has',
      { ...CUSTOM, authorizationEndpoint: 'https://login.example/go' },
      { flows: ['browser'] },
    ],
  ])('%s', (_rule, changes, expected) => {
    expect(providerOf(authOf(changes))).toMatchObject(expected);
  });
});

describe('what a sign-in is kept under', () => {
  const base = { host: 'mail.example', port: 587 };
  const names = (place: object, changes: object) =>
    oauthSecretNames({ ...base, ...place }, authOf({ ...CUSTOM, ...changes }));

  test.each<readonly [string, object, object]>([
    ['the server', { host: 'evil.example' }, {}],
    ['its port', { port: 25 }, {}],
    ['the user', {}, { user: 'b@contoso.example' }],
    ['the app', {}, { clientId: 'another' }],
    ['where tokens are asked for', {}, { tokenEndpoint: 'https://evil.example/token' }],
  ])('is another one where %s is', (_rule, place, changes) => {
    const { grant, client } = names({}, {});
    const other = names(place, changes);
    expect([other.grant === grant, other.client === client, grant === client]).toEqual([false, false, false]);
  });

  test('is the same for another case of the host, and another scope', () => {
    expect(names({ host: 'Mail.Example' }, { scope: 'x' })).toEqual(names({}, {}));
  });
});
