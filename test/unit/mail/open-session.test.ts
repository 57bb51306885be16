import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import { makeCertificates, type TestCertificates } from '../../fakes/certificates.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import {
  misbehaviour,
  cleanUp,
  outletFor,
  PASSWORD_AUTH,
  scripted,
  serverAt,
  WAITING_LIMITS,
  type MisbehaviourRow,
} from '../../fakes/outlet-rig.ts';
import { noTokens } from '../../fakes/oauth-rig.ts';
import type { Script } from '../../fakes/scripted-smtp-server.ts';

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(cleanUp);

const LOGIN = { auth: PASSWORD_AUTH };
const STARTTLS = { auth: PASSWORD_AUTH, security: 'starttls' } as const;
const TLS = { auth: PASSWORD_AUTH, security: 'tls' } as const;
const ALL_WELL = { password: true, messages: 1 };

const GREETING: readonly MisbehaviourRow[] = [
  ['cut', { greeting: 'drop' }, LOGIN, 'greeting smtp_blocked retry'],
  ['reset', { greeting: 'reset' }, LOGIN, 'greeting smtp_blocked retry'],
  ['another protocol', { greeting: 'SSH-2.0-OpenSSH_9' }, LOGIN, 'greeting smtp_not_smtp retry'],
  ['another, cut short', { greeting: { drop: '* OK IMAP4' } }, LOGIN, 'greeting smtp_not_smtp retry'],
  ['silence', { greeting: 'hang' }, LOGIN, 'greeting smtp_connection_timeout retry'],
  ['dripping', { greeting: { drip: '220-hi\r\n' } }, LOGIN, 'greeting smtp_connection_timeout retry'],
  ['554 is about the server', { greeting: { drop: '554 No' } }, LOGIN, 'greeting smtp_blocked retry'],
  ['421', { greeting: { drop: '421 4.3.2 Too busy' } }, LOGIN, 'greeting smtp_temporary retry'],
  ['EHLO and HELO refused', { ehlo: '550 No', helo: '550 No' }, LOGIN, 'greeting smtp_blocked retry'],
  ['EHLO dripping', { ehlo: { drip: '250-X\r\n' } }, LOGIN, 'greeting smtp_connection_timeout retry'],
  ['EHLO unknown, HELO taken', { ehlo: '502 What' }, {}, 'accepted - accepted', { messages: 1 }],
];

const ENCRYPTION: readonly MisbehaviourRow[] = [
  ['stripped', { stripStarttls: true }, STARTTLS, 'tls smtp_starttls_missing retry'],
  ['EHLO unknown', { ehlo: '502 What' }, STARTTLS, 'greeting smtp_starttls_missing retry'],
  ['refused for now', { starttls: '454 4.7.0 Not now' }, STARTTLS, 'tls smtp_tls_failed retry'],
  ['promised and not done', { starttls: '220 Go' }, STARTTLS, 'tls smtp_tls_failed retry'],
  ['TLS to a plain port', {}, TLS, 'tls smtp_tls_failed retry'],
  ['TLS to a port that is silent', { greeting: 'hang' }, TLS, 'tls smtp_tls_failed retry'],
];

type Certificate = Exclude<keyof TestCertificates, 'ca'>;

const CERTIFICATES: readonly (readonly [string, Certificate, Partial<SmtpServerOptions>, string])[] = [
  ['of the CA file', 'good', {}, 'accepted - accepted'],
  ['itself as CA file', 'good', { ca: 'good' }, 'accepted - accepted'],
  ['that bears the address', 'good', { host: '127.0.0.1' }, 'accepted - accepted'],
  ['of nobody known', 'good', { ca: null }, 'tls smtp_certificate_untrusted retry'],
  ['with a CA file that is rubbish', 'good', { ca: 'rubbish' }, 'tls smtp_certificate_untrusted retry'],
  ['that has expired', 'expired', {}, 'tls smtp_certificate_expired retry'],
  ['of another name', 'otherName', {}, 'tls smtp_certificate_name retry'],
];

function certificateRow(
  [rule, name, changes, expected]: (typeof CERTIFICATES)[number],
  security: 'starttls' | 'tls',
): MisbehaviourRow {
  const script = (): Script => ({ certificate: certificates[name], implicitTls: security === 'tls' });
  const setUp = (): Partial<SmtpServerOptions> => ({
    host: 'localhost',
    security,
    auth: PASSWORD_AUTH,
    ...changes,
    ca:
      changes.ca === undefined
        ? certificates.ca
        : changes.ca === 'good'
          ? certificates.good.cert
          : changes.ca,
  });
  return [`${security}: ${rule}`, script, setUp, expected, expected.startsWith('accepted') ? ALL_WELL : {}];
}

const SENT = { password: true };
const DISABLED = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled';
const LOGINS: readonly MisbehaviourRow[] = [
  ['taken', {}, LOGIN, 'accepted - accepted', ALL_WELL],
  ['refused', { auth: '535 5.7.8 Invalid' }, LOGIN, 'auth smtp_auth_failed retry', SENT],
  ['switched off', { auth: DISABLED }, LOGIN, 'auth smtp_auth_method_disabled retry', SENT],
  ['not now', { auth: '454 4.7.0 Temporary' }, LOGIN, 'auth smtp_temporary retry', SENT],
  ['421', { auth: { drop: '421 4.7.0 Bye' } }, LOGIN, 'auth smtp_temporary retry', SENT],
  ['not offered', { extensions: ['PIPELINING'] }, LOGIN, 'auth smtp_auth_method_disabled retry'],
  ['by OAuth only', { extensions: ['AUTH XOAUTH2'] }, LOGIN, 'auth smtp_auth_method_disabled retry'],
  ['cut', { auth: 'drop' }, LOGIN, 'auth smtp_blocked retry', SENT],
  ['silence', { auth: 'hang' }, LOGIN, 'auth smtp_connection_timeout retry', SENT],
];

describe('greeting', () => {
  test.concurrent.for(GREETING)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});
describe('STARTTLS and TLS', () => {
  test.concurrent.for(ENCRYPTION)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});
describe('certificate', () => {
  const rows = CERTIFICATES.flatMap((row) => [certificateRow(row, 'starttls'), certificateRow(row, 'tls')]);
  test.concurrent.for(rows)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});
describe('login', () => {
  test.concurrent.for(LOGINS)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});

describe('what keeps a connection from being made', () => {
  const REQUEST = {
    message: sampleMessage(),
    recipients: ['it@contoso.example'],
    pinnedServer: null,
    attachments: [],
  };
  const failing = (code: string) => (): Promise<string[]> =>
    Promise.reject(Object.assign(new Error('x'), { code }));

  test.each([
    ['the name is unknown', failing('ENOTFOUND'), 'smtp_host_not_found'],
    ['DNS cannot say', failing('EAI_AGAIN'), 'smtp_dns_timeout'],
    ['DNS keeps silent', () => new Promise<string[]>(() => {}), 'smtp_dns_timeout'],
  ])('%s', async (_rule, lookup, code) => {
    const outlet = outletFor([serverAt(25, { host: 'nowhere.example' })], { lookup, limits: WAITING_LIMITS });
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.stage, attempt?.code]).toEqual(['dns', code]);
  });

  test('nothing listens', async () => {
    const server = await scripted();
    await server.stop();
    const [attempt] = await outletFor([serverAt(server.port)]).send(REQUEST);
    expect([attempt?.stage, attempt?.code]).toEqual(['connect', 'smtp_connection_refused']);
  });

  test('one address of several answers', async () => {
    const server = await scripted();
    // RFC 5737: 192.0.2.0/24 leads nowhere.
    const lookup = (): Promise<string[]> => Promise.resolve(['192.0.2.1', '127.0.0.1']);
    const limits = { connectMs: 1500 };
    const outlet = outletFor([serverAt(server.port, { host: 'mail.example' })], { lookup, limits });
    const [attempt] = await outlet.send(REQUEST);
    expect(attempt?.stage).toBe('accepted');
  });

  test('a password that cannot be read: nothing is sent, the server is paused', async () => {
    const server = await scripted();
    const outlet = outletFor([serverAt(server.port, { auth: { ...PASSWORD_AUTH, password: null } })]);
    const [attempt] = await outlet.send(REQUEST);
    const state = outlet.health()[0]?.state;
    expect([attempt?.code, state, server.connections]).toEqual(['secret_unavailable', 'paused', 0]);
  });

  test('nobody has signed in by OAuth 2.0: nothing is sent, and the attempt says so', async () => {
    const server = await scripted();
    const outlet = outletFor([
      serverAt(server.port, { auth: { method: 'oauth2', user: 'tocsin', tokens: noTokens() } }),
    ]);
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.code, server.connections]).toEqual(['smtp_auth_failed', 0]);
    expect(attempt?.reason).toContain('nobody has signed in as tocsin');
  });
});
