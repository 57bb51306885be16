import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Diagnosis, diagnose } from '../../../mail/diagnose.ts';
import { buildMime } from '../../../mail/mime.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import { makeCertificates, type TestCertificates } from '../../fakes/certificates.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import {
  allTheServerSaw,
  CANARY,
  cleanUp,
  PASSWORD_AUTH,
  scripted,
  serverAt,
} from '../../fakes/outlet-rig.ts';
import type { Script } from '../../fakes/scripted-smtp-server.ts';

/**
 * What a mail server may do wrong, each by a server of its own on a socket: where the test says it fails, by which code,
 * a piece of the sentence, and whether the server may see the password. Every row logs in with one.
 */
type Row = readonly [
  does: string,
  script: Script | (() => Script),
  setUp: Partial<SmtpServerOptions> | (() => Partial<SmtpServerOptions>),
  failure: readonly [stage: string, code: ErrorCode, sentence: string] | 'accepted',
  password: 'sees the password' | 'sees no password',
];

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});
afterAll(cleanUp);

const SEEN = 'sees the password';
const NOT = 'sees no password';
const PLAIN = {};

const secured =
  (security: 'starttls' | 'tls', changes: Partial<SmtpServerOptions> = {}) =>
  () => ({
    host: 'localhost',
    security,
    ca: certificates.ca,
    ...changes,
  });
const STARTTLS = secured('starttls');
const TLS = secured('tls');
const showing =
  (name: Exclude<keyof TestCertificates, 'ca'>, script: Script = {}) =>
  (): Script => ({ certificate: certificates[name], ...script });

const TIMEOUT = ['smtp_connection_timeout', 'did not answer in time'] as const;
const CUT = ['smtp_blocked', 'was cut off'] as const;
const NOT_SMTP = ['smtp_not_smtp', 'does not speak SMTP'] as const;
const LATER = ['smtp_temporary', 'asked to try again later'] as const;
const NO_TLS = ['smtp_tls_failed', 'No encrypted connection'] as const;
const NO_STARTTLS = ['smtp_starttls_missing', 'offers no encryption on this port'] as const;
const REFUSED = ['smtp_auth_failed', 'The login to the mail server'] as const;
const NO_PASSWORDS = ['smtp_auth_method_disabled', 'no longer takes passwords'] as const;
const SENDER = ['smtp_sender_rejected', 'refused the sender address'] as const;
const RECIPIENT = ['smtp_recipient_rejected', 'refused the recipient it@contoso.example'] as const;
const RELAYING = ['smtp_relaying_denied', 'does not pass mail on to it@contoso.example'] as const;
const MESSAGE = ['smtp_message_rejected', 'refused the message'] as const;
const UNSURE = ['smtp_outcome_unknown', 'lost after the message had been sent'] as const;
const UNTRUSTED = ['smtp_certificate_untrusted', 'not signed by anybody this computer trusts'] as const;

const GREETING: readonly Row[] = [
  ['says nothing', { greeting: 'hang' }, PLAIN, ['greeting', ...TIMEOUT], NOT],
  ['drips its greeting', { greeting: { drip: '220-hi\r\n' } }, PLAIN, ['greeting', ...TIMEOUT], NOT],
  ['never ends its first line', { greeting: { raw: '220 x' } }, PLAIN, ['greeting', ...TIMEOUT], NOT],
  [
    'sends a line without end',
    { greeting: { endless: 'A'.repeat(4096) } },
    PLAIN,
    ['greeting', ...NOT_SMTP],
    NOT,
  ],
  [
    'sends replies without end',
    { greeting: { endless: '220-x\r\n' } },
    PLAIN,
    ['greeting', ...NOT_SMTP],
    NOT,
  ],
  [
    'speaks HTTP',
    { greeting: 'HTTP/1.1 400 Bad Request\r\nServer: x' },
    PLAIN,
    ['greeting', ...NOT_SMTP],
    NOT,
  ],
  ['speaks SSH', { greeting: 'SSH-2.0-OpenSSH_9' }, PLAIN, ['greeting', ...NOT_SMTP], NOT],
  ['speaks IMAP and hangs up', { greeting: { drop: '* OK IMAP4' } }, PLAIN, ['greeting', ...NOT_SMTP], NOT],
  [
    'sends bytes of no kind',
    { greeting: '\u0000\u0001\u0016\u0003\u00ff\u00fe' },
    PLAIN,
    ['greeting', ...NOT_SMTP],
    NOT,
  ],
  ['is too busy', { greeting: { drop: '421 4.3.2 Too busy' } }, PLAIN, ['greeting', ...LATER], NOT],
  ['turns this computer away', { greeting: { drop: '554 No SMTP here' } }, PLAIN, ['greeting', ...CUT], NOT],
  ['refuses EHLO and HELO', { ehlo: '550 No', helo: '550 No' }, PLAIN, ['greeting', ...CUT], NOT],
  ['never ends its list', { ehlo: { drip: '250-X\r\n' } }, PLAIN, ['greeting', ...TIMEOUT], NOT],
  ['lists without end', { ehlo: { endless: '250-X\r\n' } }, PLAIN, ['greeting', ...NOT_SMTP], NOT],
  [
    'answers EHLO by another protocol',
    { ehlo: 'What?', helo: 'What?' },
    PLAIN,
    ['greeting', ...NOT_SMTP],
    NOT,
  ],
];

const ENCRYPTION: readonly Row[] = [
  ['has STARTTLS stripped', { stripStarttls: true }, STARTTLS, ['tls', ...NO_STARTTLS], NOT],
  ['knows no EHLO, so no STARTTLS', { ehlo: '502 What' }, STARTTLS, ['greeting', ...NO_STARTTLS], NOT],
  ['puts STARTTLS off', { starttls: '454 4.7.0 TLS not available' }, STARTTLS, ['tls', ...NO_TLS], NOT],
  ['promises TLS and goes on in clear', { starttls: '220 Go' }, STARTTLS, ['tls', ...NO_TLS], NOT],
  ['promises TLS and hangs up', { starttls: { drop: '220 Go' } }, STARTTLS, ['tls', ...NO_TLS], NOT],
  ['speaks no TLS on the TLS port', {}, TLS, ['tls', ...NO_TLS], NOT],
  ['speaks TLS 1.0 only', showing('good', { oldTls: true }), STARTTLS, ['tls', ...NO_TLS], NOT],
  [
    'speaks TLS 1.0 only on the TLS port',
    showing('good', { oldTls: true, implicitTls: true }),
    TLS,
    ['tls', ...NO_TLS],
    NOT,
  ],
  ['is known to nobody', showing('good'), secured('starttls', { ca: null }), ['tls', ...UNTRUSTED], NOT],
  [
    'has an expired certificate',
    showing('expired'),
    STARTTLS,
    ['tls', 'smtp_certificate_expired', 'has expired'],
    NOT,
  ],
  [
    'bears another name',
    showing('otherName'),
    STARTTLS,
    ['tls', 'smtp_certificate_name', 'belongs to another name'],
    NOT,
  ],
  [
    'is given words in clear behind its 220',
    showing('good', { injected: '250-evil.example\r\n250 AUTH EVIL\r\n235 in' }),
    STARTTLS,
    'accepted',
    SEEN,
  ],
];

const fingerprintOf = (name: 'good' | 'otherName' | 'expired') =>
  new X509Certificate(certificates[name].cert).fingerprint256;
const pinned = (name: 'good' | 'otherName' | 'expired', security: 'starttls' | 'tls') => () => ({
  ...secured(security, { ca: null })(),
  certificateSha256: fingerprintOf(name),
});
const CHANGED = ['smtp_certificate_changed', 'is not the one that was trusted'] as const;

/** A fingerprint stands in for the authority and for nothing else. */
const FINGERPRINTS: readonly Row[] = (['starttls', 'tls'] as const).flatMap((security): Row[] => {
  const by = (name: 'good' | 'otherName' | 'expired') => showing(name, { implicitTls: security === 'tls' });
  return [
    [
      `${security}: shows the certificate that is trusted`,
      by('good'),
      pinned('good', security),
      'accepted',
      SEEN,
    ],
    [
      `${security}: as above, written small and without colons`,
      by('good'),
      () => ({
        ...pinned('good', security)(),
        certificateSha256: fingerprintOf('good').replaceAll(':', '').toLowerCase(),
      }),
      'accepted',
      SEEN,
    ],
    [`${security}: shows another one`, by('good'), pinned('otherName', security), ['tls', ...CHANGED], NOT],
    [
      `${security}: shows another one, of an authority that is trusted`,
      by('good'),
      () => ({ ...pinned('otherName', security)(), ca: certificates.ca }),
      ['tls', ...CHANGED],
      NOT,
    ],
    [
      `${security}: the trusted one has expired`,
      by('expired'),
      pinned('expired', security),
      ['tls', 'smtp_certificate_expired', 'has expired'],
      NOT,
    ],
    [
      `${security}: the trusted one bears another name`,
      by('otherName'),
      pinned('otherName', security),
      ['tls', 'smtp_certificate_name', 'belongs to another name'],
      NOT,
    ],
  ];
});

const DISABLED =
  '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';
const LOGIN: readonly Row[] = [
  [
    'refuses the password',
    { auth: '535 5.7.8 Error: authentication failed' },
    PLAIN,
    ['auth', ...REFUSED],
    SEEN,
  ],
  [
    'refuses it without a number',
    { auth: '535 Incorrect authentication data' },
    PLAIN,
    ['auth', ...REFUSED],
    SEEN,
  ],
  [
    'repeats the password it refuses',
    { auth: `535 5.7.8 ${CANARY} is wrong` },
    PLAIN,
    ['auth', ...REFUSED],
    SEEN,
  ],
  ['has passwords switched off', { auth: DISABLED }, PLAIN, ['auth', ...NO_PASSWORDS], SEEN],
  [
    'has ended passwords',
    { auth: '550 5.7.30 Basic authentication is not supported' },
    PLAIN,
    ['auth', ...NO_PASSWORDS],
    SEEN,
  ],
  [
    'wants an app password',
    { auth: '534-5.7.9 Application-specific password required.\r\n534 5.7.9 gsmtp' },
    PLAIN,
    ['auth', ...NO_PASSWORDS],
    SEEN,
  ],
  ['wants encryption first', { auth: '538 5.7.11 Encryption required' }, PLAIN, ['auth', ...NO_TLS], SEEN],
  [
    'cannot look it up now',
    { auth: '454 4.7.0 Temporary authentication failure' },
    PLAIN,
    ['auth', ...LATER],
    SEEN,
  ],
  ['asks for more for ever', { auth: '334 ' }, PLAIN, ['auth', ...REFUSED], SEEN],
  ['offers no login', { extensions: ['PIPELINING'] }, PLAIN, ['auth', ...NO_PASSWORDS], NOT],
  ['offers OAuth only', { extensions: ['AUTH XOAUTH2'] }, PLAIN, ['auth', ...NO_PASSWORDS], NOT],
];

const MAIL: readonly Row[] = [
  [
    'forbids this sender',
    { mail: '550 5.7.60 Client does not have permissions to send as this sender' },
    PLAIN,
    ['sender', ...SENDER],
    SEEN,
  ],
  [
    'is short of space',
    { mail: '452 4.3.1 Insufficient system resources' },
    PLAIN,
    ['sender', ...LATER],
    SEEN,
  ],
  [
    'wants a login after one',
    { mail: '530 5.7.0 Authentication required' },
    PLAIN,
    ['sender', ...REFUSED],
    SEEN,
  ],
  ['greylists', { rcpt: '450 4.2.0 Greylisted, see you in 5 min' }, PLAIN, ['recipient', ...LATER], SEEN],
  ['knows no such user', { rcpt: '550 5.1.1 User unknown' }, PLAIN, ['recipient', ...RECIPIENT], SEEN],
  ['has a full mailbox', { rcpt: '552 5.2.2 Mailbox full' }, PLAIN, ['recipient', ...RECIPIENT], SEEN],
  [
    'does not relay (Postfix)',
    { rcpt: '554 5.7.1 <it@contoso.example>: Relay access denied' },
    PLAIN,
    ['recipient', ...RELAYING],
    SEEN,
  ],
  ['does not relay (Exim)', { rcpt: '550 relay not permitted' }, PLAIN, ['recipient', ...RELAYING], SEEN],
  [
    'does not relay (Exchange)',
    { rcpt: '550 5.7.54 SMTP; Unable to relay' },
    PLAIN,
    ['recipient', ...RELAYING],
    SEEN,
  ],
  [
    'blames the sender at RCPT',
    { rcpt: '553 5.7.1 Sender address rejected: not owned by user x' },
    PLAIN,
    ['recipient', ...SENDER],
    SEEN,
  ],
  ['answers DATA as if it were done', { data: '250 Ok' }, PLAIN, ['data', ...MESSAGE], SEEN],
  ['has no room for DATA', { data: '452 4.3.1 Full' }, PLAIN, ['data', ...LATER], SEEN],
  ['calls it spam', { dot: '554 5.7.1 Spam' }, PLAIN, ['data', ...MESSAGE], SEEN],
  ['calls it too large', { dot: '552 5.3.4 Message too large' }, PLAIN, ['data', ...MESSAGE], SEEN],
  ['answers the message by nonsense', { dot: 'queued, thanks' }, PLAIN, ['data', ...UNSURE], SEEN],
  ['never says goodbye', { quit: 'hang' }, PLAIN, 'accepted', SEEN],
  ['hangs up at QUIT', { quit: 'reset' }, PLAIN, 'accepted', SEEN],
  ['refuses QUIT and talks on', { quit: '500 No\r\n250 What else\r\n550 Bounce' }, PLAIN, 'accepted', SEEN],
];

/** The same four ends of a conversation, at every stage of it. */
const ENDS = {
  drop: { 'up to the message': CUT, 'during TLS': NO_TLS },
  reset: { 'up to the message': CUT, 'during TLS': NO_TLS },
  hang: { 'up to the message': TIMEOUT, 'during TLS': NO_TLS },
  '421 4.3.2 Going away': { 'up to the message': LATER, 'during TLS': LATER },
} as const;
const PLACES = [
  ['greeting', 'greeting', NOT],
  ['ehlo', 'greeting', NOT],
  ['starttls', 'tls', NOT],
  ['auth', 'auth', SEEN],
  ['mail', 'sender', SEEN],
  ['rcpt', 'recipient', SEEN],
  ['data', 'data', SEEN],
  ['dot', 'data', SEEN],
] as const;
const AT_EVERY_STAGE: readonly Row[] = PLACES.flatMap(([place, stage, password]) =>
  (Object.keys(ENDS) as (keyof typeof ENDS)[]).map((end): Row => {
    const does = ENDS[end];
    const isAnswered = end.startsWith('4');
    const answer = isAnswered ? { drop: end } : end;
    const lost = place === 'dot' && !isAnswered ? UNSURE : does['up to the message'];
    const [code, sentence] = place === 'starttls' ? does['during TLS'] : lost;
    const setUp = place === 'starttls' ? STARTTLS : PLAIN;
    return [`${end} at ${place}`, { [place]: answer }, setUp, [stage, code, sentence], password];
  }),
);

/** Only a computer that is very busy passes these. */
const ANSWERING = { connectMs: 20_000, commandMs: 20_000, messageMs: 20_000 };
/** Waited for by every row whose server keeps silent; long enough for the steps before that on a busy computer. */
const WAITING = { connectMs: 1_000, commandMs: 1_000, messageMs: 1_500 };

async function run([, script, setUp]: Row) {
  const answers = typeof script === 'function' ? script() : script;
  const server = await scripted(answers);
  const waits = /"(hang|drip|raw)"/.test(JSON.stringify(answers)) || answers.starttls === '220 Go';
  const diagnosis = await diagnose({
    server: serverAt(server.port, {
      auth: PASSWORD_AUTH,
      ...(typeof setUp === 'function' ? setUp() : setUp),
    }),
    from: { name: 'Tocsin', address: 'tocsin@contoso.example' },
    recipient: 'it@contoso.example',
    mime: () =>
      buildMime(sampleMessage({ kind: 'test', recipients: ['it@contoso.example'] }), {
        name: 'Tocsin',
        address: 'tocsin@contoso.example',
      }),
    timeoutSeconds: 20,
    ehloName: 'front-desk.contoso.example',
    clock: systemClock,
    limits: waits ? WAITING : ANSWERING,
  });
  return { diagnosis, server };
}

function failureOf({ stages }: Diagnosis) {
  const failed = stages.filter(({ outcome }) => outcome === 'failed');
  return failed.map(({ stage, code, sentence, cause, mend }) => ({ stage, code, sentence, cause, mend }));
}

describe('a server that misbehaves', () => {
  const rows = [...GREETING, ...ENCRYPTION, ...FINGERPRINTS, ...LOGIN, ...MAIL, ...AT_EVERY_STAGE];

  test('there are more than 25 kinds', () => {
    expect(new Set(rows.map(([does]) => does)).size).toBe(rows.length);
    expect(rows.length - AT_EVERY_STAGE.length).toBeGreaterThan(25);
  });

  test.concurrent.for(rows)('%s', { timeout: 60_000 }, async (row, { expect }) => {
    const [, , , expected, password] = row;
    const { diagnosis, server } = await run(row);
    const failures = failureOf(diagnosis);
    if (expected === 'accepted') {
      expect([diagnosis.accepted, failures, server.accepted.length]).toEqual([true, [], 1]);
    } else {
      const [stage, code, sentence] = expected;
      expect(failures).toEqual([
        {
          stage,
          code,
          sentence: expect.stringContaining(sentence) as string,
          cause: expect.stringMatching(/\w{3,}.*\.$/) as string,
          mend: expect.stringMatching(/\w{3,}.*\.$/) as string,
        },
      ]);
      expect([diagnosis.accepted, server.accepted.length]).toEqual([false, 0]);
    }
    expect(allTheServerSaw(server).includes(CANARY) ? SEEN : NOT).toBe(password);
    expect(JSON.stringify(diagnosis)).not.toContain(CANARY);
  });
});
