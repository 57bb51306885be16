import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OAuthRig, passUntil, signedInRig } from '../../../../fakes/oauth-rig.ts';

let rig: OAuthRig;

const MINUTE_MS = 60_000;
const refreshes = () => rig.service.countOf('refresh_token');

describe('an access token', () => {
  test('is the one of the sign-in until five minutes before its end, then another', async () => {
    rig = await signedInRig();
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
    rig = await signedInRig();
    const first = await rig.token();
    await pass(rig);
    const second = await rig.token();
    expect([second === first, rig.service.takes('tocsin@contoso.example', second)]).toEqual([false, true]);
  });

  test('is asked for once, however many need it at once', async () => {
    rig = await signedInRig();
    await rig.clock.advance(58 * MINUTE_MS);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => rig.token()));
    expect([new Set(tokens).size, refreshes()]).toEqual([1, 1]);
  });

  test('that is refused is replaced once, and not again for ten minutes', async () => {
    rig = await signedInRig();
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
    rig = await signedInRig();
    const first = await rig.token();
    await rig.clock.advance(57 * MINUTE_MS);
    rig.service.instead.push({ status: 503, body: 'away' });
    expect([await rig.token(), refreshes()]).toEqual([first, 1]);
    expect(await rig.token()).not.toBe(first);
  });
});

describe('a refresh token', () => {
  test('that is replaced with each use is kept over a restart', async () => {
    rig = await signedInRig();
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
    rig = await signedInRig();
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
    rig = await signedInRig();
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
    rig = await signedInRig({ clientSecret: 'canary-app-secret' }, { clientSecret: 'canary-app-secret' });
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
    rig = await signedInRig();
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
    rig = await signedInRig();
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
    rig = await signedInRig();
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
    rig = await signedInRig();
    rig.service.withdraw('tocsin@contoso.example');
    await rig.clock.advance(END);
    expect(await rig.token()).toBe('smtp_auth_failed');
    await rig.signIn();
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
    expect(rig.oauth.status(rig.server).state).toBe('signed-in');
  });

  test('shows in the health of its server before any mail has failed', async () => {
    rig = await signedInRig();
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
