import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBrowserFlow } from '../../../../../electron/agent/oauth/browser-flow.ts';
import { providerOf } from '../../../../../electron/agent/oauth/provider.ts';
import type { Flow } from '../../../../../electron/agent/oauth/sign-in-flow.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { OAuthServer } from '../../../../fakes/oauth-server.ts';
import { NEVER_LATE, signingServer } from '../../../../fakes/oauth-rig.ts';

let service: OAuthServer;
let clock: FakeClock;
const flows: Flow[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  service = await new OAuthServer({ clientSecret: 'canary-app-secret' }).start();
});
afterEach(async () => {
  for (const flow of flows.splice(0)) flow.cancel('the test is over');
  await service.stop();
});

async function begin(clientSecret: string | null = 'canary-app-secret'): Promise<Flow> {
  const { auth } = signingServer(service);
  const endpoint = { clock, ca: null, limits: NEVER_LATE };
  const started = await startBrowserFlow({
    provider: providerOf(auth),
    user: auth.user,
    clientSecret,
    endpoint,
  });
  if (!started.ok) throw new Error(started.sentence);
  flows.push(started.flow);
  return started.flow;
}

/** Where the service sends the browser back to. */
async function returnOf(flow: Flow): Promise<URL> {
  const answer = await fetch(flow.prompt.url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}

const isWaiting = async (flow: Flow) =>
  (await Promise.race([flow.ended, new Promise((resolve) => setTimeout(resolve, 30))])) === undefined;

/** As `fetch`, with headers that a browser would not let a page set. */
function get(url: URL, method: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('a sign-in in the browser', () => {
  test('brings tokens, by a code that only the verifier opens', async () => {
    const flow = await begin();
    const asked = new URL(flow.prompt.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'tocsin-app',
      code_challenge_method: 'S256',
      scope: 'smtp offline_access',
      login_hint: 'tocsin@contoso.example',
    });
    expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const page = await fetch(await returnOf(flow));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('You are signed in')]);
    expect(await flow.ended).toMatchObject({ kind: 'tokens', tokens: { token_type: 'Bearer' } });
  });

  test('opens its port on this computer alone, and closes it when it is over', async () => {
    const flow = await begin();
    const back = await returnOf(flow);
    await fetch(back);
    await flow.ended;
    await expect(fetch(back)).rejects.toThrow('fetch failed');
  });

  test('two of them share neither state nor challenge', async () => {
    const [one, other] = [await begin(), await begin()].map(({ prompt }) => new URL(prompt.url).searchParams);
    for (const name of ['state', 'code_challenge']) {
      expect(one?.get(name)).toMatch(/^[\w-]{43}$/);
      expect(one?.get(name)).not.toBe(other?.get(name));
    }
  });

  test('a code that somebody else intercepts is worth nothing to them', async () => {
    const code = (await returnOf(await begin())).searchParams.get('code') ?? '';
    // Another sign-in has another verifier: the service refuses the code, although it is a good one.
    const other = await begin();
    const stolen = await returnOf(other);
    stolen.searchParams.set('code', code);
    await fetch(stolen);
    expect(await other.ended).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('invalid_grant'),
    });
  });

  test.each<readonly [string, (back: URL) => void]>([
    ['another state', (back) => back.searchParams.set('state', 'of somebody else')],
    ['no state', (back) => back.searchParams.delete('state')],
    ['no code', (back) => back.searchParams.delete('code')],
    ['an error and another state', (back) => (back.search = '?error=access_denied&state=x')],
  ])('what comes back with %s is left lying, and the sign-in waits on', async (_rule, spoil) => {
    const flow = await begin();
    const back = await returnOf(flow);
    const sound = back.href;
    spoil(back);
    expect((await fetch(back)).status).toBe(400);
    expect(await isWaiting(flow)).toBe(true);
    expect((await fetch(sound)).status).toBe(200);
    expect((await flow.ended).kind).toBe('tokens');
  });

  test.each([
    ['by another name', 'GET', 'evil.example'],
    ['by another method', 'POST', ''],
  ])('what comes %s is no answer', async (_rule, method, host) => {
    const flow = await begin();
    const back = await returnOf(flow);
    expect(await get(back, method, host === '' ? back.host : host)).toBe(404);
    expect(await isWaiting(flow)).toBe(true);
  });

  test('that is declined says so, and shows nothing of it as markup', async () => {
    service.browserUser = null;
    const flow = await begin();
    const back = await returnOf(flow);
    back.searchParams.set('error_description', '<script>alert(1)</script>');
    const page = await (await fetch(back)).text();
    expect(page).toContain('You are not signed in');
    expect(page).not.toContain('<script>');
    expect(await flow.ended).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('was declined'),
    });
  });

  test('an app that has no secret where one is asked for is told so', async () => {
    const flow = await begin(null);
    await fetch(await returnOf(flow));
    expect(await flow.ended).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('client secret'),
    });
  });

  test('nobody comes back within ten minutes', async () => {
    const flow = await begin();
    await clock.advance(10 * 60_000);
    expect(await flow.ended).toMatchObject({ kind: 'failed', sentence: expect.stringContaining('in time') });
  });

  test('the address that a browser elsewhere came to may be pasted', async () => {
    const flow = await begin();
    const back = await returnOf(flow);
    expect(flow.finish('https://elsewhere.example/?code=x&state=y')).toContain('not the address');
    expect(flow.finish('rubbish')).toContain('not the address');
    expect(flow.finish(` ${back.href}\n`)).toBe(null);
    expect((await flow.ended).kind).toBe('tokens');
  });
});
