import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { diagnose, type DiagnosisStage } from '../../../mail/diagnose.ts';
import { buildMime } from '../../../mail/mime.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import { makeCertificates, type TestCertificates } from '../../fakes/certificates.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import {
  CANARY,
  cleanUp,
  PASSWORD_AUTH,
  scripted,
  serverAt,
  WAITING_LIMITS,
} from '../../fakes/outlet-rig.ts';
import { noTokens } from '../../fakes/oauth-rig.ts';
import type { Script } from '../../fakes/scripted-smtp-server.ts';

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterEach(cleanUp);

const FROM = { name: 'Tocsin', address: 'tocsin@contoso.example' };

async function run(
  script: Script,
  changes: Partial<SmtpServerOptions> = {},
  recipient = 'it@contoso.example',
) {
  const server = await scripted(script);
  const told: DiagnosisStage[] = [];
  const diagnosis = await diagnose({
    server: serverAt(server.port, changes),
    from: FROM,
    recipient,
    mime: () => buildMime(sampleMessage({ kind: 'test', recipients: [recipient] }), FROM),
    timeoutSeconds: 20,
    ehloName: 'front-desk.contoso.example',
    clock: systemClock,
    onStage: (stage) => told.push(stage),
    limits: /"hang"/.test(JSON.stringify(script)) ? WAITING_LIMITS : { connectMs: 4000, commandMs: 4000 },
  });
  expect(told).toEqual(diagnosis.stages);
  expect(JSON.stringify(diagnosis)).not.toContain(CANARY);
  return { server, diagnosis, lines: diagnosis.stages.map(({ outcome, title }) => `${outcome} ${title}`) };
}

describe('a test that is accepted', () => {
  test('tells every stage with its time and the words of the server', async () => {
    const { diagnosis, server } = await run({}, { auth: PASSWORD_AUTH });
    expect(
      diagnosis.stages.map(({ title, outcome, detail, reply }) => [outcome, title, detail, reply]),
    ).toEqual([
      ['ok', 'Name resolved', '127.0.0.1 → 127.0.0.1', null],
      ['ok', 'Connected', `127.0.0.1 port ${server.port}`, null],
      ['skipped', 'Encryption', 'connection security is set to none', null],
      ['ok', 'Greeted', null, '220 test.example ESMTP'],
      ['ok', 'Logged in', 'logged in as tocsin', '235 2.7.0 Authentication successful'],
      ['ok', 'Sender taken', 'tocsin@contoso.example', '250 2.1.0 Ok'],
      ['ok', 'Recipient taken', 'it@contoso.example', '250 2.1.5 Ok'],
      ['ok', 'Message accepted', 'Accepted by 127.0.0.1', '250 2.0.0 Ok: queued'],
    ]);
    expect(diagnosis.stages.every(({ ms, outcome }) => (outcome === 'ok') === (ms !== null))).toBe(true);
    expect([diagnosis.accepted, server.accepted.length, diagnosis.tls]).toEqual([true, 1, null]);
  });

  test.each([
    ['starttls', ['dns', 'connect', 'greeting', 'tls']],
    ['tls', ['dns', 'connect', 'tls', 'greeting']],
  ] as const)('tells the facts of the encryption (%s)', async (security, order) => {
    const script = { certificate: certificates.good, implicitTls: security === 'tls' };
    const { diagnosis } = await run(script, { security, host: 'localhost', ca: certificates.ca });
    expect(diagnosis.stages.slice(0, 4).map(({ stage }) => stage)).toEqual(order);
    expect(diagnosis.tls).toMatchObject({ version: 'TLSv1.3', names: ['localhost', '127.0.0.1'] });
    const until = new Date(diagnosis.tls?.validUntil ?? 0).toISOString().slice(0, 10);
    const { detail } = diagnosis.stages.find(({ stage }) => stage === 'tls') ?? {};
    expect(detail).toBe(`TLS 1.3, certificate of localhost, 127.0.0.1 until ${until}`);
  });
});

describe('a test that fails', () => {
  test('ends with what happened, why, and what to do', async () => {
    const auth =
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
    const { diagnosis, lines } = await run({ auth }, { auth: PASSWORD_AUTH });
    expect(lines).toEqual([
      'ok Name resolved',
      'ok Connected',
      'skipped Encryption',
      'ok Greeted',
      'failed Login refused',
      'skipped Sender',
      'skipped Recipient',
      'skipped Message',
    ]);
    expect(diagnosis.stages[4]).toMatchObject({
      code: 'smtp_auth_method_disabled',
      reply: auth,
      sentence: 'The mail server 127.0.0.1 no longer takes passwords from this account.',
      cause: expect.stringContaining('switched off') as string,
      mend: expect.stringContaining('OAuth 2.0') as string,
    });
  });

  test.each<readonly [string, Script, string, string]>([
    ['no greeting', { greeting: 'hang' }, 'failed Not greeted', 'smtp_connection_timeout'],
    ['turned away', { greeting: { drop: '554 No' } }, 'failed Turned away', 'smtp_blocked'],
    ['sender', { mail: '550 5.7.1 No' }, 'failed Sender refused', 'smtp_sender_rejected'],
    ['recipient', { rcpt: '550 5.1.1 No' }, 'failed Recipient refused', 'smtp_recipient_rejected'],
    [
      'relaying',
      { rcpt: '554 5.7.1 Relay access denied' },
      'failed Recipient refused',
      'smtp_relaying_denied',
    ],
    ['message', { dot: '554 5.7.1 Spam' }, 'failed Message refused', 'smtp_message_rejected'],
    ['lost', { dot: 'drop' }, 'failed Message not confirmed', 'smtp_outcome_unknown'],
  ])('where it fails: %s', async (_rule, script, line, code) => {
    const { diagnosis, lines } = await run(script);
    expect(lines.filter((entry) => entry.startsWith('failed'))).toEqual([line]);
    expect(diagnosis.stages.find(({ outcome }) => outcome === 'failed')?.code).toBe(code);
    expect(diagnosis.accepted).toBe(false);
  });

  test.each<readonly [string, Partial<SmtpServerOptions>, string]>([
    ['a password that cannot be read', { auth: { ...PASSWORD_AUTH, password: null } }, 'secret_unavailable'],
    [
      'nobody has signed in',
      { auth: { method: 'oauth2', user: 'tocsin', tokens: noTokens() } },
      'smtp_auth_failed',
    ],
  ])('without asking the server: %s', async (_rule, changes, code) => {
    const { diagnosis, server } = await run({}, changes);
    const failed = diagnosis.stages.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map((line) => [line.stage, line.code])).toEqual([['auth', code]]);
    expect(server.connections).toBe(0);
  });

  test('an address that is none is not given to the server', async () => {
    const { diagnosis, server } = await run({}, {}, 'x@y.example>\r\nRCPT TO:<evil@y.example');
    expect(diagnosis.stages.find(({ stage }) => stage === 'recipient')?.outcome).toBe('failed');
    expect(server.commands.filter((line) => /MAIL|RCPT/.test(line))).toEqual([]);
  });
});
