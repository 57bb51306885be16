import { describe, expect, test } from 'vitest';
import { applyEmailDraft, emailChange, emailDraftOf } from '../../../../renderer/pages/email/email-draft.ts';
import { withMailbox } from '../../../../renderer/pages/email/mailbox-draft.ts';
import {
  hasStoredPassword,
  newServer,
  withPreset,
  withSecurity,
} from '../../../../renderer/pages/email/server-draft.ts';
import { defaultSettings, settingsSchema } from '../../../../shared/contract/settings.ts';
import { exampleSettings } from '../../../fakes/example-settings.ts';

/** Every section with something in it, as the agent gives it: without passwords. */
const full = settingsSchema.parse(
  JSON.parse(JSON.stringify(exampleSettings(), (key, value) => (key === 'password' ? undefined : value))),
);

describe('the values of the page E-mail', () => {
  test.each([
    ['an installation as new', defaultSettings()],
    ['one with everything set', full],
    [
      'a mailbox with all its keys',
      settingsSchema.parse({
        ...full,
        mailbox: {
          protocol: 'imap',
          host: 'mail.contoso.example',
          port: 1993,
          security: 'starttls',
          user: 'bounces',
          checkEveryMinutes: 7,
          address: 'bounces@contoso.example',
          roundTripHours: 0,
        },
      }),
    ],
    [
      'a server that signs in by OAuth 2.0',
      settingsSchema.parse({
        ...full,
        smtp: { servers: [{ host: 'a', auth: { method: 'oauth2', user: 'b', tenant: 'c' } }] },
      }),
    ],
  ])('untouched, change nothing: %s', (_rule, settings) => {
    const document = applyEmailDraft(emailDraftOf(settings), settings);
    expect(document).toEqual(settings);
    expect(emailChange(settings, document)(settings)).toEqual(settings);
  });

  test('a change is saved over what others have changed elsewhere, and not over the same', () => {
    const draft = { ...emailDraftOf(full), emails: ['new@contoso.example'] };
    const change = emailChange(full, applyEmailDraft(draft, full));
    const withOther = { ...full, alerts: [] };
    expect(change(withOther)).toEqual({ ...withOther, profile: { ...full.profile, emails: draft.emails } });
    expect(change({ ...full, profile: { emails: [], sms: [] } })).toBe(null);
  });

  test.each([
    ['none', 25],
    ['starttls', 587],
    ['tls', 465],
  ] as const)('the port of %s is %d, until another is set', (security, port) => {
    expect(withSecurity(newServer('a'), security).port).toBe(port);
    expect(withSecurity({ ...newServer('a'), port: 2525 }, security).port).toBe(2525);
    expect(withSecurity({ ...newServer('a'), port: null }, security).port).toBe(port);
  });

  test('the port of the mailbox follows protocol and security', () => {
    const { mailbox } = emailDraftOf(defaultSettings());
    const imap = withMailbox(mailbox, { protocol: 'imap' });
    expect([mailbox.port, imap.port, withMailbox(imap, { security: 'starttls' }).port]).toEqual([
      995, 993, 143,
    ]);
    expect(withMailbox({ ...imap, port: 9 }, { protocol: 'pop3' }).port).toBe(9);
  });

  test.each([
    ['as it is stored', {}, true],
    ['another host', { host: 'other.example' }, false],
    ['another port', { port: 1 }, false],
    ['another user', { user: 'other' }, false],
    ['the host in capitals', { host: 'MAIL.EXAMPLE' }, true],
  ])('a stored password is the one of a server, port and user: %s', (_rule, change, isStored) => {
    const stored = settingsSchema.parse({
      version: 1,
      smtp: { servers: [{ host: 'mail.example', auth: { method: 'password', user: 'tocsin' } }] },
    });
    const [server] = emailDraftOf(stored).servers;
    const draft = { ...newServer('a'), ...server, ...change };
    expect(hasStoredPassword(draft, stored.smtp.servers, [true])).toBe(isStored);
    expect(hasStoredPassword(draft, stored.smtp.servers, [false])).toBe(false);
  });

  test.each([
    ['as it is stored', {}, true],
    ['another client id', { clientId: 'other' }, false],
    ['another tenant', { tenant: 'other' }, false],
    ['another provider', { provider: 'google' as const }, false],
    ['another scope', { scope: 'other' }, true],
  ])('a stored client secret is the one of an app: %s', (_rule, change, isStored) => {
    const auth = { method: 'oauth2', user: 'tocsin', clientId: 'app', tenant: 'contoso.example' };
    const stored = settingsSchema.parse({ version: 1, smtp: { servers: [{ host: 'mail.example', auth }] } });
    const [server = newServer('a')] = emailDraftOf(stored).servers;
    const draft = { ...server, oauth: { ...server.oauth, ...change } };
    expect(hasStoredPassword(draft, stored.smtp.servers, [true])).toBe(isStored);
    expect(hasStoredPassword({ ...draft, login: 'password' }, stored.smtp.servers, [true])).toBe(false);
  });

  test.each([
    ['smtp.office365.com', 'oauth2', 'microsoft'],
    ['smtp-mail.outlook.com', 'oauth2', 'microsoft'],
    ['smtp.gmail.com', 'password', 'google'],
    ['notgmail.com.example', 'password', 'custom'],
  ])('a preset for %s logs in by %s, and signs in with %s', (host, login, provider) => {
    const server = withPreset(newServer('a'), { host, port: 587, security: 'starttls' });
    expect([server.host, server.login, server.oauth.provider]).toEqual([host, login, provider]);
  });
});
