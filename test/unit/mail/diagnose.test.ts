import { X509Certificate } from 'node:crypto';
import { getServers } from 'node:dns';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { diagnose, type DiagnoseOptions, type DiagnosisStage } from '../../../mail/diagnose.ts';
import { buildMime } from '../../../mail/mime.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import { offeredFingerprint } from '../../../shared/fact-rows.ts';
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

function optionsFor(server: SmtpServerOptions): DiagnoseOptions {
  return {
    server,
    from: FROM,
    recipient: 'it@contoso.example',
    mime: () => buildMime(sampleMessage({ kind: 'test', recipients: ['it@contoso.example'] }), FROM),
    timeoutSeconds: 20,
    ehloName: 'front-desk.contoso.example',
    clock: systemClock,
  };
}

async function run(
  script: Script,
  changes: Partial<SmtpServerOptions> = {},
  recipient = 'it@contoso.example',
) {
  const server = await scripted(script);
  const told: DiagnosisStage[] = [];
  const diagnosis = await diagnose({
    ...optionsFor(serverAt(server.port, changes)),
    recipient,
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

describe('the facts of a test', () => {
  const factsOf = (stages: readonly DiagnosisStage[], kind: string) =>
    stages.map(({ facts }) => facts).find((facts) => facts?.kind === kind);

  test('every stage tells what it found out', async () => {
    const extensions = ['SIZE 10240000', 'AUTH PLAIN LOGIN', 'AUTH=LOGIN XOAUTH2'];
    const { diagnosis, server } = await run({ extensions }, { auth: PASSWORD_AUTH });
    const tries = [
      { address: '127.0.0.1', outcome: 'connected', nodeCode: null, ms: expect.any(Number) as number },
    ];
    expect(diagnosis.stages.map(({ facts }) => facts)).toEqual([
      { kind: 'dns', asked: 'literal', nameServers: [], ipv4: ['127.0.0.1'], ipv6: [] },
      { kind: 'connect', port: server.port, tries },
      null,
      { kind: 'greeting', capabilities: [...extensions, '8BITMIME'], isEncrypted: false },
      { kind: 'auth', offered: ['PLAIN', 'LOGIN', 'XOAUTH2'], tried: 'PLAIN' },
      null,
      null,
      null,
    ]);
  });

  test('of a name: every address, and who was asked', async () => {
    const server = await scripted();
    const { stages } = await diagnose({
      ...optionsFor(serverAt(server.port, { host: 'mail.example' })),
      // RFC 5737 and RFC 3849: these lead nowhere.
      lookup: () => Promise.resolve(['192.0.2.1', '2001:db8::1', '127.0.0.1']),
    });
    expect(factsOf(stages, 'dns')).toEqual({
      kind: 'dns',
      asked: 'system',
      nameServers: getServers(),
      ipv4: ['192.0.2.1', '127.0.0.1'],
      ipv6: ['2001:db8::1'],
    });
    const connect = factsOf(stages, 'connect');
    const tries = connect?.kind === 'connect' ? connect.tries : [];
    expect(tries.map(({ address, outcome }) => [address, outcome === 'connected'])).toEqual([
      ['192.0.2.1', false],
      ['2001:db8::1', false],
      ['127.0.0.1', true],
    ]);
  });

  test('of an address that refuses: which, and by which code', async () => {
    const server = await scripted();
    await server.stop();
    const { stages } = await diagnose(optionsFor(serverAt(server.port)));
    expect(factsOf(stages, 'connect')).toMatchObject({
      tries: [{ address: '127.0.0.1', outcome: 'failed', nodeCode: 'ECONNREFUSED' }],
    });
  });

  test.each(['starttls', 'tls'] as const)(
    'of a certificate that is refused: all that is needed to trust it (%s)',
    async (security) => {
      const script = { certificate: certificates.good, implicitTls: security === 'tls' };
      const { diagnosis, server } = await run(script, { security, host: 'localhost', auth: PASSWORD_AUTH });
      const { fingerprint256 } = new X509Certificate(certificates.good.cert);
      const failed = diagnosis.stages.find(({ stage }) => stage === 'tls');
      expect(failed).toMatchObject({
        code: 'smtp_certificate_untrusted',
        detail: 'its authority is not known here (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
        facts: {
          kind: 'tls',
          version: 'TLSv1.3',
          cipher: 'TLS_AES_256_GCM_SHA384',
          checkedBy: 'authorities',
          certificates: [
            {
              subject: 'CN=good',
              issuer: 'CN=Test CA',
              names: ['localhost', '127.0.0.1'],
              fingerprint256,
              validUntil: expect.any(Number) as number,
            },
          ],
        },
      });
      expect(offeredFingerprint(failed ?? { code: null, facts: null })).toBe(fingerprint256);
      // Nothing was said to a server that is not trusted, not even this computer's name.
      const spoken = security === 'tls' ? [] : ['EHLO front-desk.contoso.example', 'STARTTLS'];
      expect(server.commands).toEqual(spoken);
    },
  );

  test('a chain is shown from the server to its authority', async () => {
    const certificate = { ...certificates.good, cert: `${certificates.good.cert}${certificates.ca}` };
    const { diagnosis } = await run({ certificate }, { security: 'starttls', host: 'localhost' });
    const facts = factsOf(diagnosis.stages, 'tls');
    const chain = facts?.kind === 'tls' ? facts.certificates.map(({ subject }) => subject) : [];
    expect(chain).toEqual(['CN=good', 'CN=Test CA']);
  });

  test.each(['expired', 'otherName'] as const)('no fingerprint mends what is wrong: %s', async (name) => {
    const changes = { security: 'starttls', host: 'localhost', ca: certificates.ca } as const;
    const { diagnosis } = await run({ certificate: certificates[name] }, changes);
    const failed = diagnosis.stages.find(({ outcome }) => outcome === 'failed');
    expect(failed?.facts).toMatchObject({ kind: 'tls' });
    expect(offeredFingerprint(failed ?? { code: null, facts: null })).toBeNull();
  });

  test('what is said in clear behind the 220 is no part of what the server offers', async () => {
    const script = { certificate: certificates.good, injected: '250-evil.example\r\n250 AUTH EVIL' };
    const changes = { security: 'starttls', host: 'localhost', ca: certificates.ca } as const;
    const { diagnosis } = await run(script, { ...changes, auth: PASSWORD_AUTH });
    expect(diagnosis.accepted).toBe(true);
    expect(JSON.stringify(diagnosis).toLowerCase()).not.toContain('evil');
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
      cause: expect.stringContaining('SMTP AUTH switched off') as string,
      mend: expect.stringContaining('Authenticated SMTP') as string,
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
