import { describe, expect, test } from 'vitest';
import { type OAuthRig, ownRig, passUntil, signedInRig } from '../../../../fakes/oauth-rig.ts';

let rig: OAuthRig;

const MINUTE_MS = 60_000;
const refreshes = () => rig.service.countOf('refresh_token');

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
    rig = await signedInRig();
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
    rig = await signedInRig();
    await rig.clock.advance(60 * MINUTE_MS);
    rig.service.instead.push({ status: 429, body: {}, headers: { 'retry-after': '120' } });
    expect(await rig.token()).toBe('oauth_unreachable');
    await rig.clock.advance(119_000);
    expect([await rig.token(), refreshes()]).toEqual(['oauth_unreachable', 1]);
    await rig.clock.advance(1000);
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
  });

  test('a service that nobody reaches', async () => {
    rig = await signedInRig();
    await rig.clock.advance(60 * MINUTE_MS);
    const { port } = rig.service;
    await rig.service.stop();
    expect(await rig.token()).toBe('oauth_unreachable');
    await rig.service.start(port);
    expect(rig.service.takes('tocsin@contoso.example', await rig.token())).toBe(true);
  });

  test('nobody has signed in, and after signing out nobody any more', async () => {
    rig = await ownRig();
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
    rig = await ownRig({}, { clientId: null });
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
    rig = await ownRig();
    const started = await rig.oauth.start(rig.server, 'device');
    if (started.outcome !== 'started') throw new Error(started.sentence);
    rig.service.settleDevice(started.signIn.code ?? '', 'approved', 'admin@contoso.example');
    await passUntil(rig.clock, () => rig.ended.length > 0);
    expect(rig.ended[0]).toMatchObject({ state: 'signed-in', account: 'admin@contoso.example' });
    expect(rig.ended[0]?.sentence).toContain('Sign in as tocsin@contoso.example, or change the user name');
  });

  test('anew ends the one that waits for the same account', async () => {
    rig = await ownRig();
    await rig.oauth.start(rig.server, 'device');
    const second = await rig.signIn();
    expect(rig.ended.map(({ state }) => state)).toEqual(['failed', 'signed-in']);
    expect(second.state).toBe('signed-in');
  });

  test('may be called off, and is over then', async () => {
    rig = await ownRig();
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
