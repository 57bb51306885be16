import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessTokens, TokenAnswer } from '../../../mail/access-token.ts';
import { diagnose } from '../../../mail/diagnose.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import { challengeText, tokenMechanism, tokenResponse } from '../../../mail/token-mechanism.ts';
import { makeCertificates } from '../../fakes/certificates.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { OAuthServer } from '../../fakes/oauth-server.ts';
import { allTheServerSaw, cleanUp, outletFor, scripted, serverAt } from '../../fakes/outlet-rig.ts';
import { TokenSmtpServer } from '../../fakes/token-smtp-server.ts';

const USER = 'tocsin@contoso.example';
const TOKEN = 'canary-token-7f3a';
const REQUEST = {
  message: sampleMessage(),
  recipients: ['it@contoso.example'],
  pinnedServer: null,
  attachments: [],
};

afterEach(cleanUp);

/** Gives these answers, one for each question; remembers what was asked. */
function answering(...answers: readonly TokenAnswer[]): AccessTokens & { readonly asked: (string | null)[] } {
  const left = [...answers];
  const asked: (string | null)[] = [];
  return {
    asked,
    obstacle: () => null,
    async get(refused) {
      asked.push(refused);
      return left.shift() ?? { refusedForGood: true };
    },
  };
}

const auth = (tokens: AccessTokens) => ({ auth: { method: 'oauth2', user: USER, tokens } }) as const;

describe('a server that nobody vouches for', () => {
  test.each(['starttls', 'tls'] as const)('is not told the token (%s)', async (security) => {
    const certificate = makeCertificates().good;
    const server = await scripted({
      certificate,
      implicitTls: security === 'tls',
      extensions: ['AUTH XOAUTH2'],
    });
    const outlet = outletFor([serverAt(server.port, { security, ...auth(answering({ token: TOKEN })) })]);
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.stage, attempt?.code]).toEqual(['tls', 'smtp_certificate_untrusted']);
    expect(allTheServerSaw(server)).not.toContain(TOKEN);
  });
});

describe('against a server that takes tokens of a service alone', () => {
  let service: OAuthServer;
  let server: TokenSmtpServer;
  beforeEach(async () => {
    service = new OAuthServer();
    server = await new TokenSmtpServer(service).start();
  });
  afterEach(() => server.stop());

  const issue = (token: string, user = USER): TokenAnswer => {
    service.accessTokens.set(token, { user, endsAt: Date.now() + 60_000, isWithdrawn: false });
    return { token };
  };

  test('a good token lets the mail in', async () => {
    const outlet = outletFor([serverAt(server.port, auth(answering(issue(TOKEN))))]);
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.stage, server.accepted.length, server.offered]).toEqual([
      'accepted',
      1,
      [{ token: TOKEN, taken: true }],
    ]);
  });

  test('one that was withdrawn is replaced once, on the same connection', async () => {
    const tokens = answering({ token: 'canary-old-one' }, issue(TOKEN));
    const outlet = outletFor([serverAt(server.port, auth(tokens))]);
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.stage, server.connections, tokens.asked]).toEqual([
      'accepted',
      1,
      [null, 'canary-old-one'],
    ]);
    expect(server.offered.map(({ taken }) => taken)).toEqual([false, true]);
  });

  test('when the second is refused as well the server is paused, with its words in ours', async () => {
    const tokens = answering({ token: 'canary-one' }, { token: 'canary-two' }, issue('canary-three'));
    const outlet = outletFor([serverAt(server.port, auth(tokens))]);
    const [attempt] = await outlet.send(REQUEST);
    expect(attempt).toMatchObject({
      stage: 'auth',
      code: 'smtp_auth_failed',
      reply: expect.stringMatching(/^535 /),
    });
    expect(attempt?.reason).toContain(
      'The server answered the token with 401 (the token is not valid or has expired)',
    );
    expect(outlet.health()[0]).toMatchObject({
      state: 'paused',
      words: { mend: expect.stringContaining('Sign in again') },
    });
    expect(await outlet.send(REQUEST)).toEqual([]);
    expect([server.offered.length, tokens.asked.length]).toEqual([2, 2]);
  });

  test('a token of another account is refused, and no other account is offered', async () => {
    const outlet = outletFor([serverAt(server.port, auth(answering(issue(TOKEN, 'admin@contoso.example'))))]);
    const [attempt] = await outlet.send(REQUEST);
    expect([attempt?.code, server.offered.length]).toEqual(['smtp_auth_failed', 1]);
  });

  test('no token is in anything that is said of the attempt', async () => {
    const tokens = answering({ token: 'canary-one' }, { token: 'canary-two' });
    const outlet = outletFor([serverAt(server.port, auth(tokens))]);
    const said = JSON.stringify([await outlet.send(REQUEST), outlet.health()]);
    expect(said).not.toContain('canary-one');
    expect(said).not.toContain('canary-two');
  });

  test('the test shows the login with its words, stage by stage', async () => {
    const tokens = answering({ token: 'canary-one' });
    const diagnosis = await diagnose({
      server: serverAt(server.port, auth(tokens)),
      from: { name: 'Tocsin', address: USER },
      recipient: 'it@contoso.example',
      mime: async () => 'x',
      timeoutSeconds: 5,
      ehloName: 'host.example',
      clock: systemClock,
    });
    expect(diagnosis.stages.map(({ outcome, title }) => `${outcome} ${title}`)).toEqual([
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
      detail:
        'The server answered the token with 401 (the token is not valid or has expired); it wants the scope smtp',
      sentence: `The mail server 127.0.0.1 did not accept the sign-in of ${USER}.`,
      mend: expect.stringContaining('Sign in again'),
    });
  });
});

const UNREACHABLE: TokenAnswer = {
  failure: {
    code: 'oauth_unreachable',
    detail: 'the sign-in service cannot be reached',
    words: { sentence: 's', cause: 'c', mend: 'm' },
    pauses: false,
  },
};

describe('against a server that answers by a script', () => {
  const xoauth = { extensions: ['AUTH PLAIN XOAUTH2'] };

  test.each<readonly [string, object, readonly TokenAnswer[], string]>([
    ['taken', xoauth, [{ token: TOKEN }], 'accepted - ok'],
    ['taken by OAUTHBEARER', { extensions: ['AUTH OAUTHBEARER'] }, [{ token: TOKEN }], 'accepted - ok'],
    ['not offered: no token leaves', {}, [{ token: TOKEN }], 'auth smtp_auth_method_disabled paused'],
    [
      'sending is switched off',
      { ...xoauth, auth: '535 5.7.139 SmtpClientAuthentication is disabled' },
      [{ token: TOKEN }, { token: 'b' }],
      'auth smtp_auth_method_disabled paused',
    ],
    ['not now', { ...xoauth, auth: '454 4.7.0 Temporary' }, [{ token: TOKEN }], 'auth smtp_temporary down'],
    [
      'refused without a challenge, twice',
      { ...xoauth, auth: '535 5.7.3 Unsuccessful' },
      [{ token: TOKEN }, { token: 'b' }],
      'auth smtp_auth_failed paused',
    ],
    [
      'refused, and nothing better to be had',
      { ...xoauth, auth: '535 5.7.3 Unsuccessful' },
      [{ token: TOKEN }],
      'auth smtp_auth_failed paused',
    ],
    [
      'refused and cut, another one at hand',
      { ...xoauth, auth: { drop: '535 5.7.3 Bye' } },
      [{ token: TOKEN }, { token: 'b' }],
      'auth smtp_auth_failed down',
    ],
    ['the sign-in service is away', xoauth, [UNREACHABLE], 'auth oauth_unreachable down'],
    ['cut', { ...xoauth, auth: 'drop' }, [{ token: TOKEN }], 'auth smtp_blocked down'],
    [
      'a challenge that is rubbish',
      { ...xoauth, auth: '334 %%%' },
      [{ token: TOKEN }],
      'auth smtp_auth_failed paused',
    ],
  ])('%s', async (_rule, script, answers, expected) => {
    const server = await scripted(script);
    const outlet = outletFor([serverAt(server.port, auth(answering(...answers)))]);
    const [attempt] = await outlet.send(REQUEST);
    const state = outlet.health()[0]?.state;
    expect(`${attempt?.stage} ${attempt?.code ?? '-'} ${state}`).toBe(expected);
    const saw = server.commands.join('\n');
    expect(saw.includes('AUTH ')).toBe(!/not offered|is away/.test(_rule));
  });

  test('while no token can be had the server is probed as one that is down, and mail goes when it can', async () => {
    const server = await scripted(xoauth);
    let isBack = 0;
    const outlet = outletFor(
      [serverAt(server.port, auth(answering(UNREACHABLE, { token: TOKEN })))],
      {},
      () => isBack++,
    );
    await outlet.send(REQUEST);
    expect(outlet.health()[0]).toMatchObject({ state: 'down', nextProbeAt: expect.any(Number) });
    outlet.reset();
    const [attempt] = await outlet.send(REQUEST);
    expect(attempt?.stage).toBe('accepted');
  });
});

describe('the mechanism', () => {
  test.each([
    ['250-AUTH PLAIN XOAUTH2', 'XOAUTH2'],
    ['250 AUTH OAUTHBEARER XOAUTH2', 'XOAUTH2'],
    ['250-AUTH=LOGIN oauthbearer', 'OAUTHBEARER'],
    ['250-AUTH PLAIN LOGIN', null],
    ['250-XOAUTH2', null],
  ])('of “%s” is %s', (ehlo, mechanism) => {
    expect(tokenMechanism(`250-host\r\n${ehlo}\r\n250 OK`)).toBe(mechanism);
  });

  test('the response is as Google, Microsoft and RFC 7628 have it', () => {
    const offer = { user: 'a=b,c@x.example', token: 'T', host: 'mail.example', port: 587 };
    const text = (mechanism: 'XOAUTH2' | 'OAUTHBEARER') =>
      Buffer.from(tokenResponse(mechanism, offer), 'base64').toString('utf8');
    expect(text('XOAUTH2')).toBe('user=a=b,c@x.example\u0001auth=Bearer T\u0001\u0001');
    expect(text('OAUTHBEARER')).toBe(
      'n,a=a=3Db=2Cc@x.example,\u0001host=mail.example\u0001port=587\u0001auth=Bearer T\u0001\u0001',
    );
  });

  test.each<readonly [string, unknown, string | null]>([
    [
      'Google',
      { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' },
      'The server answered the token with 400 (the token does not belong to this user, or is not valid or no longer so); it wants the scope https://mail.google.com/',
    ],
    [
      'RFC 7628',
      { status: 'invalid_token', scope: 'smtp' },
      'The server answered the token with invalid_token (the token is not valid or has expired); it wants the scope smtp',
    ],
    ['with a status of its own', { status: 'odd' }, 'The server answered the token with odd'],
    [
      'with control characters and the token',
      { status: '401', error_description: `no\r\n${TOKEN}` },
      'The server answered the token with 401 (the token is not valid or has expired); “no ***”',
    ],
    ['without a status', {}, null],
    ['no object', 7, null],
  ])('a challenge of %s is said in words', (_rule, challenge, words) => {
    const encoded = Buffer.from(JSON.stringify(challenge)).toString('base64');
    expect(challengeText(`334 ${encoded}`, [TOKEN])).toBe(words);
  });

  test('what is no challenge says nothing', () => {
    expect([
      challengeText('535 5.7.8 No', []),
      challengeText('334 ', []),
      challengeText('334 bm90IGpzb24=', []),
    ]).toEqual([null, null, null]);
  });
});
