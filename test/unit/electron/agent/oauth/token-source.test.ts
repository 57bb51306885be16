import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type OAuthRig, oauthRig, passUntil } from '../../../../fakes/oauth-rig.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let rig: OAuthRig;
afterEach(async () => {
  rig.oauth.close();
  await rig.service.stop();
});

const MINUTE_MS = 60_000;
const refreshes = () => rig.service.countOf('refresh_token');

async function signedIn(
  ...options: Parameters<typeof oauthRig> extends [string, ...infer Rest] ? Rest : never
) {
  rig = await oauthRig(scratchDir(), ...options);
  const { state } = await rig.signIn();
  expect(state).toBe('signed-in');
}

describe('an access token', () => {
  test('is the one of the sign-in until five minutes before its end, then another', async () => {
    await signedIn();
    const first = await rig.token();
    await rig.clock.advance(54 * MINUTE_MS);
    expect([await rig.token(), refreshes()]).toEqual([first, 0]);
    await rig.clock.advance(2 * MINUTE_MS);
    const second = await rig.token();
    expect([second === first, refreshes(), rig.service.takes('tocsin@contoso.example', second)]).toEqual([
      false,
      1,
      true,
    ]);
  });

  test.each([
    ['slept', async (rig: OAuthRig) => rig.clock.jump(2 * 60 * MINUTE_MS)],
    ['ran on', (rig: OAuthRig) => rig.clock.advance(2 * 60 * MINUTE_MS)],
  ])('is another one when the computer %s beyond its end', async (_rule, pass) => {
    await signedIn();
    const first = await rig.token();
    await pass(rig);
    const second = await rig.token();
    expect([second === first, rig.service.takes('tocsin@contoso.example', second)]).toEqual([false, true]);
  });

  test('is asked for once, however many need it at once', async () => {
    await signedIn();
    await rig.clock.advance(58 * MINUTE_MS);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => rig.token()));
    expect([new Set(tokens).size, refreshes()]).toEqual([1, 1]);
  });

  test('that is refused is replaced once, and not again for ten minutes', async () => {
    await signedIn();
    const first = await rig.token();
    const second = await rig.token(rig.oauth, first);
    expect([second === first, refreshes()]).toEqual([false, 1]);
    // Who still held the first one gets the second without a question.
    expect([await rig.token(rig.oauth, first), refreshes()]).toEqual([second, 1]);
    expect([await rig.token(rig.oauth, second), refreshes()]).toEqual(['refused for good', 1]);
    await rig.clock.advance(10 * MINUTE_MS);
    expect([(await rig.token(rig.oauth, second)) !== second, refreshes()]).toEqual([true, 2]);
  });

  test('near its end goes on being used while the service is away', async () => {
    await signedIn();
    const first = await rig.token();
    await rig.clock.advance(57 * MINUTE_MS);
    rig.service.instead.push({ status: 503, body: 'away' });
    expect([await rig.token(), refreshes()]).toEqual([first, 1]);
    expect(await rig.token()).not.toBe(first);
  });
});

describe('a refresh token', () => {
  test('that is replaced with each use is kept over a restart', async () => {
    await signedIn();
    for (let hour = 0; hour < 3; hour++) {
      await rig.clock.advance(60 * MINUTE_MS);
      await rig.token();
    }
    const later = rig.again();
    const token = await rig.token(later);
    expect(rig.service.takes('tocsin@contoso.example', token)).toBe(true);
    expect(rig.service.refusals.filter((error) => error !== 'authorization_pending')).toEqual([]);
  });

  test('that the service does not replace goes on being used', async () => {
    await signedIn();
    rig.service.givesRefreshTokens = false;
    const given = [...rig.service.refreshTokens.values()].at(-1);
    for (let hour = 0; hour < 2; hour++) {
      await rig.clock.advance(60 * MINUTE_MS);
      expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
      // A service that does not replace them takes the same one again.
      if (given !== undefined) given.isWithdrawn = false;
    }
    expect(rig.service.takes('tocsin@contoso.example', await rig.token(rig.again()))).toBe(true);
  });

  test('that the disk does not take is used from memory, and written later', async () => {
    await signedIn();
    rig.disk.isFull = true;
    await rig.clock.advance(60 * MINUTE_MS);
    const second = await rig.token();
    expect([rig.service.takes('tocsin@contoso.example', second), rig.troubles.length]).toEqual([true, 1]);
    rig.disk.isFull = false;
    await rig.clock.advance(60 * MINUTE_MS);
    await rig.token();
    expect(rig.service.takes('tocsin@contoso.example', await rig.token(rig.again()))).toBe(true);
  });

  test('stands in no file in clear, nor does any other secret', async () => {
    await signedIn({ clientSecret: 'canary-app-secret' }, { clientSecret: 'canary-app-secret' });
    await rig.clock.advance(60 * MINUTE_MS);
    await rig.token();
    const disk = readdirSync(rig.folder)
      .map((name) => readFileSync(join(rig.folder, name), 'latin1'))
      .join('');
    const told = JSON.stringify([rig.ended, rig.troubles, rig.oauth.status(rig.server), disk]);
    expect(rig.service.secrets.length).toBeGreaterThan(3);
    for (const secret of [...rig.service.secrets, 'canary-app-secret']) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });

  test('is renewed once a day where no mail is sent, so that it does not end unused', async () => {
    await signedIn();
    rig.oauth.keepUp();
    await passUntil(rig.clock, () => refreshes() === 1, 10 * MINUTE_MS);
    const days = (at: number | undefined) =>
      ((at ?? 0) - (rig.service.tokenRequestTimes[0] ?? 0)) / 86_400_000;
    expect(days(rig.service.tokenRequestTimes.at(-1))).toBeGreaterThan(0.99);
    expect(days(rig.service.tokenRequestTimes.at(-1))).toBeLessThan(1.1);
  });
});

describe('a sign-in for a server that is not in the settings', () => {
  const HOUR_MS = 60 * MINUTE_MS;

  test.each<readonly [string, (rig: OAuthRig) => void, number]>([
    ['is forgotten after an hour', () => {}, 0],
    ['is kept when the server is saved meanwhile', (rig) => (rig.saved.servers = [rig.server]), 1],
    ['is kept while a copy stands in for damaged settings', (rig) => (rig.saved.isSaved = false), 1],
  ])('%s', async (_rule, change, left) => {
    await signedIn();
    rig.saved.servers = [];
    rig.secrets.change(new Map([['smtp elsewhere', 'a password']]));
    rig.oauth.keepUp();
    await rig.clock.advance(2 * MINUTE_MS);
    expect(rig.secrets.names()).toHaveLength(2);
    change(rig);
    await rig.clock.advance(HOUR_MS);
    expect(rig.secrets.names()).toHaveLength(1 + left);
    expect(rig.oauth.status(rig.server).state).toBe(left === 1 ? 'signed-in' : 'signed-out');
  });
});

describe('a sign-in that was withdrawn', () => {
  const END = 60 * MINUTE_MS;

  test('is told as such, and asked for once an hour and no more', async () => {
    await signedIn();
    rig.service.withdraw('tocsin@contoso.example');
    await rig.clock.advance(END);
    const answer = await rig.oauth.tokens(rig.server).get(null);
    expect(answer).toMatchObject({
      failure: {
        code: 'smtp_auth_failed',
        pauses: true,
        detail: expect.stringContaining('sign in again'),
        words: { sentence: expect.stringContaining('invalid_grant: The sign-in was withdrawn') },
      },
    });
    for (let minute = 0; minute < 59; minute++) {
      expect(await rig.token()).toBe('smtp_auth_failed');
      await rig.clock.advance(MINUTE_MS);
    }
    expect(refreshes()).toBe(1);
    await rig.clock.advance(MINUTE_MS);
    expect([await rig.token(), refreshes()]).toEqual(['smtp_auth_failed', 2]);
    expect(rig.oauth.status(rig.server)).toMatchObject({
      state: 'ended',
      sentence: expect.stringMatching(/Sign in again/),
    });
    expect(rig.troubles[0]).toMatch(/has ended .* Sign in again/);
  });

  test('is over at once when somebody signs in again', async () => {
    await signedIn();
    rig.service.withdraw('tocsin@contoso.example');
    await rig.clock.advance(END);
    expect(await rig.token()).toBe('smtp_auth_failed');
    await rig.signIn();
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
    expect(rig.oauth.status(rig.server).state).toBe('signed-in');
  });

  test('shows in the health of its server before any mail has failed', async () => {
    await signedIn();
    const health = {
      server: { host: '127.0.0.1', port: 25, security: 'none' },
      state: 'unused',
      since: null,
    } as const;
    const unseen = { code: null, reply: null, nextProbeAt: null, lastAcceptedAt: null, lastDurationMs: null };
    const servers = [{ ...health, ...unseen }];
    expect(rig.oauth.shown(servers)).toEqual(servers);
    rig.service.withdraw('tocsin@contoso.example');
    await rig.clock.advance(END);
    await rig.token();
    expect(rig.oauth.shown(servers)).toMatchObject([{ state: 'paused', code: 'smtp_auth_failed' }]);
  });
});

describe('what keeps a token from being had', () => {
  test.each<
    readonly [string, { status: number; body: unknown; headers?: Record<string, string> }, string, RegExp]
  >([
    ['a service that is out of order', { status: 500, body: 'x' }, 'oauth_unreachable', /it answered 500/],
    [
      'one that says so',
      { status: 400, body: { error: 'temporarily_unavailable' } },
      'oauth_unreachable',
      /400/,
    ],
    [
      'something that is no service',
      { status: 200, body: 'hello' },
      'oauth_unreachable',
      /no sign-in service/,
    ],
    [
      'a token of another kind',
      { status: 200, body: { access_token: 'a', token_type: 'mac' } },
      'oauth_unreachable',
      /can be used/,
    ],
    [
      'an app that is not known',
      { status: 401, body: { error: 'invalid_client' } },
      'smtp_auth_failed',
      /does not take Tocsin as the app/,
    ],
    [
      'a scope that is not granted',
      { status: 400, body: { error: 'invalid_scope' } },
      'smtp_auth_failed',
      /invalid_scope/,
    ],
    [
      'a second step that is wanted',
      { status: 400, body: { error: 'interaction_required' } },
      'smtp_auth_failed',
      /has ended/,
    ],
  ])('%s', async (_rule, answer, code, sentence) => {
    await signedIn();
    await rig.clock.advance(60 * MINUTE_MS);
    rig.service.instead.push(answer);
    const got = await rig.oauth.tokens(rig.server).get(null);
    expect(got).toMatchObject({
      failure: {
        code,
        pauses: code !== 'oauth_unreachable',
        words: { sentence: expect.stringMatching(sentence) },
      },
    });
  });

  test('a service that asks to be left alone is, for as long as it says', async () => {
    await signedIn();
    await rig.clock.advance(60 * MINUTE_MS);
    rig.service.instead.push({ status: 429, body: {}, headers: { 'retry-after': '120' } });
    expect(await rig.token()).toBe('oauth_unreachable');
    await rig.clock.advance(119_000);
    expect([await rig.token(), refreshes()]).toEqual(['oauth_unreachable', 1]);
    await rig.clock.advance(1000);
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
  });

  test('a service that nobody reaches', async () => {
    await signedIn();
    await rig.clock.advance(60 * MINUTE_MS);
    const { port } = rig.service;
    await rig.service.stop();
    expect(await rig.token()).toBe('oauth_unreachable');
    await rig.service.start(port);
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
  });

  test('nobody has signed in, and after signing out nobody any more', async () => {
    rig = await oauthRig(scratchDir());
    expect([await rig.token(), rig.oauth.status(rig.server).state]).toEqual([
      'smtp_auth_failed',
      'signed-out',
    ]);
    await rig.signIn();
    expect(rig.oauth.status(rig.server)).toMatchObject({
      state: 'signed-in',
      account: 'tocsin@contoso.example',
    });
    const { signedOut, sentence } = await rig.oauth.signOut(rig.server);
    expect([signedOut, sentence]).toEqual([true, expect.stringContaining('has withdrawn it')]);
    expect([await rig.token(), rig.oauth.status(rig.server).state]).toEqual([
      'smtp_auth_failed',
      'signed-out',
    ]);
    expect([...rig.service.refreshTokens.values()].every(({ isWithdrawn }) => isWithdrawn)).toBe(true);
  });

  test('settings that lack the app', async () => {
    rig = await oauthRig(scratchDir(), {}, { clientId: null });
    expect(await rig.token()).toBe('smtp_auth_failed');
    expect(rig.oauth.status(rig.server)).toMatchObject({
      state: 'not-set-up',
      sentence: expect.stringContaining('clientId'),
    });
    expect(await rig.oauth.start(rig.server, undefined)).toMatchObject({ outcome: 'refused' });
  });
});

describe('signing in', () => {
  test('with another account than the settings name is said', async () => {
    rig = await oauthRig(scratchDir());
    const started = await rig.oauth.start(rig.server, 'device');
    if (started.outcome !== 'started') throw new Error(started.sentence);
    rig.service.settleDevice(started.signIn.code ?? '', 'approved', 'admin@contoso.example');
    await passUntil(rig.clock, () => rig.ended.length > 0);
    expect(rig.ended[0]).toMatchObject({ state: 'signed-in', account: 'admin@contoso.example' });
    expect(rig.ended[0]?.sentence).toContain('Sign in as tocsin@contoso.example, or change the user name');
  });

  test('anew ends the one that waits for the same account', async () => {
    rig = await oauthRig(scratchDir());
    await rig.oauth.start(rig.server, 'device');
    const second = await rig.signIn();
    expect(rig.ended.map(({ state }) => state)).toEqual(['failed', 'signed-in']);
    expect(second.state).toBe('signed-in');
  });

  test('may be called off, and is over then', async () => {
    rig = await oauthRig(scratchDir());
    const started = await rig.oauth.start(rig.server, 'browser');
    if (started.outcome !== 'started') throw new Error(started.sentence);
    const { id } = started.signIn;
    expect([rig.oauth.cancel(id), rig.oauth.cancel('no such')]).toEqual([true, false]);
    await passUntil(rig.clock, () => rig.ended.length > 0);
    expect(rig.oauth.get(id)).toMatchObject({ state: 'failed', sentence: 'The sign-in was called off.' });
    expect(rig.oauth.finish(id, 'http://127.0.0.1/')).toContain('is over');
    await rig.clock.advance(10 * MINUTE_MS);
    expect(rig.oauth.get(id)).toBe(null);
  });
});
