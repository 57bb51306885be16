import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../../../fakes/certificates.ts';
import { startDeviceFlow } from '../../../../../electron/agent/oauth/device-flow.ts';
import { providerOf } from '../../../../../electron/agent/oauth/provider.ts';
import type { FlowEnd } from '../../../../../electron/agent/oauth/sign-in-flow.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { type Instead, OAuthServer, type OAuthServerOptions } from '../../../../fakes/oauth-server.ts';
import { NEVER_LATE, signingServer } from '../../../../fakes/oauth-rig.ts';

let service: OAuthServer;
afterEach(() => service.stop());

const PENDING: Instead = { status: 400, body: { error: 'authorization_pending' } };
const SLOWER: Instead = { status: 400, body: { error: 'slow_down' } };
const BUSY: Instead = { status: 503, body: 'busy' };
const refusal = (error: string): Instead => ({ status: 400, body: { error } });

interface Outcome {
  readonly end: FlowEnd;
  /** When the token endpoint was asked, in seconds since the beginning. */
  readonly asked: readonly number[];
}

/** Signs in, with these answers first; then the person has approved. Between two questions time passes, and not during one. */
async function run(answers: readonly Instead[], options: OAuthServerOptions = {}): Promise<Outcome> {
  const clock = new FakeClock();
  const beganAt = clock.now();
  service = await new OAuthServer({ ...options, now: () => clock.now() }).start();
  service.instead.push(...answers);
  const { auth } = signingServer(service);
  const endpoint = { clock, ca: null, limits: NEVER_LATE };
  const started = await startDeviceFlow({
    provider: providerOf(auth),
    user: auth.user,
    clientSecret: null,
    endpoint,
  });
  if (!started.ok) throw new Error(started.sentence);
  const { flow } = started;
  service.settleDevice(flow.prompt.code ?? '', 'approved');
  let end: FlowEnd | null = null;
  void flow.ended.then((settled) => {
    end = settled;
  });
  for (let second = 0; second < 1000 && end === null; second++) {
    await clock.advance(1000);
    // A question that is under way has two limits; between questions one timer waits.
    while (end === null && clock.pending !== 1) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (end === null) throw new Error('it did not end');
  return { end, asked: service.tokenRequestTimes.map((at) => (at - beganAt) / 1000) };
}

test.each<readonly [string, readonly Instead[], OAuthServerOptions, readonly number[]]>([
  ['asks at the interval it is told', [PENDING, PENDING], { intervalSeconds: 7 }, [7, 14, 21]],
  ['of five seconds where none is told', [PENDING], { intervalSeconds: null }, [5, 10]],
  ['five seconds more each time it is asked to slow down', [SLOWER, PENDING, SLOWER], {}, [5, 15, 25, 40]],
  ['and twice as long each time nobody answers', [BUSY, BUSY, PENDING], {}, [5, 15, 35, 55]],
])('%s', async (_rule, answers, options, asked) => {
  const outcome = await run(answers, options);
  expect([outcome.end.kind, outcome.asked]).toEqual(['tokens', asked]);
});

test.each<readonly [string, Instead, RegExp]>([
  ['access_denied', refusal('access_denied'), /was declined/],
  ['authorization_declined, as Microsoft says it', refusal('authorization_declined'), /was declined/],
  ['expired_token', refusal('expired_token'), /Nobody signed in with .* in time/],
  [
    'invalid_client',
    refusal('invalid_client'),
    /does not take Tocsin as the app .*invalid_client.* Check client id/,
  ],
  ['invalid_grant', refusal('invalid_grant'), /did not come to an end/],
  ['an error of its own', refusal('AADSTS1 of another kind'), /AADSTS1 of another kind/],
])('%s ends it, with a sentence and no further question', async (_rule, answer, sentence) => {
  const { end, asked } = await run([PENDING, answer]);
  expect(end).toEqual({ kind: 'failed', sentence: expect.stringMatching(sentence) as string });
  expect(asked).toEqual([5, 10]);
});

test('a code that nobody enters ends with its time, and is asked for no longer', async () => {
  const { end, asked } = await run(
    Array.from({ length: 20 }, () => PENDING),
    { deviceCodeSeconds: 22 },
  );
  expect(end).toEqual({ kind: 'failed', sentence: expect.stringContaining('in time') as string });
  expect(asked).toEqual([5, 10, 15, 20]);
});

test('a sign-in that cannot be renewed is none', async () => {
  const unrenewed: Instead = {
    status: 200,
    body: { access_token: 'a', token_type: 'Bearer', expires_in: 60 },
  };
  const { end } = await run([unrenewed]);
  expect(end).toEqual({ kind: 'failed', sentence: expect.stringContaining('offline_access') as string });
});

test.each<readonly [string, Partial<ReturnType<typeof signingServer>['auth']>, RegExp]>([
  [
    'the app is not known',
    { clientId: 'another' },
    /does not take Tocsin as the app it is set up as \(invalid_client\)/,
  ],
  [
    'the address leads elsewhere',
    { deviceEndpoint: 'http://127.0.0.1:9/none' },
    /cannot be reached .*refused/,
  ],
])('no code is had where %s', async (_rule, changes, sentence) => {
  service = await new OAuthServer().start();
  const { auth } = signingServer(service, changes);
  const endpoint = { clock: new FakeClock(), ca: null, limits: NEVER_LATE };
  const started = await startDeviceFlow({
    provider: providerOf(auth),
    user: auth.user,
    clientSecret: null,
    endpoint,
  });
  expect(started).toEqual({ ok: false, sentence: expect.stringMatching(sentence) as string });
});

const certificates = makeCertificates();

test.each<readonly [string, 'good' | 'expired' | 'otherName', string | null, RegExp | null]>([
  ['trusted by the CA file', 'good', certificates.ca, null],
  [
    'of nobody known',
    'good',
    null,
    /cannot be reached .*authority is not known here|cannot be reached .*not trusted here/,
  ],
  ['that has expired', 'expired', certificates.ca, /cannot be reached .*expired/],
  ['of another name', 'otherName', certificates.ca, /cannot be reached .*another name/],
])('over https, with a certificate %s', async (_rule, name, ca, sentence) => {
  service = await new OAuthServer({ certificate: certificates[name] }).start();
  const { auth } = signingServer(service);
  const endpoint = { clock: new FakeClock(), ca, limits: NEVER_LATE };
  const started = await startDeviceFlow({
    provider: providerOf(auth),
    user: auth.user,
    clientSecret: null,
    endpoint,
  });
  if (started.ok) started.flow.cancel('the test is over');
  expect(started).toMatchObject(
    sentence === null ? { ok: true } : { ok: false, sentence: expect.stringMatching(sentence) as string },
  );
});
