import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { METHODS } from '../../../../../shared/contract/ipc.ts';
import { ConsoleRig } from '../../../../fakes/console-rig.ts';
import { consoleStrangers, DOORS, isLetIn, isTurnedAway } from '../../../../fakes/console-strangers.ts';

let rig: ConsoleRig;

beforeEach(async () => {
  rig = new ConsoleRig();
  await rig.start();
});

afterEach(() => rig.stop());

describe('the control API', () => {
  test('answers whoever brings the token', async () => {
    expect(await rig.post('status.get', rig.bearer)).toMatchObject({
      status: 200,
      body: '{"answered":"status.get"}',
    });
  });

  test('answers the console’s own page', async () => {
    const headers = { cookie: await rig.session(), origin: rig.origin, 'sec-fetch-site': 'same-origin' };
    expect((await rig.post('status.get', headers)).status).toBe(200);
  });

  test('a call that the system refuses is answered with its reason; a fault of its own shows nothing of it', async () => {
    rig.thrown = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    const full = await rig.post('status.get', rig.bearer);
    expect([full.status, full.body]).toEqual([500, expect.stringContaining('disk is full') as unknown]);
    rig.thrown = new Error('canary');
    const fault = await rig.post('status.get', rig.bearer);
    expect([fault.status, JSON.parse(fault.body)]).toEqual([
      500,
      { message: expect.stringContaining('fault of its own') as unknown },
    ]);
    expect(fault.body).not.toContain('canary');
  });

  test.each([
    ['an unknown method', 'no.such', '{}', 404],
    ['a name every object has', 'constructor', '{}', 404],
    ['a name that leads elsewhere', '..%2Fstatus.get', '{}', 404],
    ['bad JSON', 'status.get', '{', 400],
    ['an unknown key', 'status.get', '{"x":1}', 400],
    ['a wrong type', 'alerts.snooze', '{"name":"x","minutes":"5"}', 400],
    ['an address with CRLF', 'mail.test', '{"to":"a@b.c\\r\\nx","via":"smtp"}', 400],
    [
      'a stretch of time that ends before it begins',
      'history.series',
      '{"items":[],"from":2,"to":1,"points":1}',
      400,
    ],
    ['a body that is too large', 'settings.import', `{"text":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413],
  ])('refuses %s', async (_rule, name, body, status) => {
    expect((await rig.post(name, rig.bearer, body)).status).toBe(status);
    expect(rig.called).toEqual([]);
  });
});

describe('nobody is let in who should not be', () => {
  test.each(DOORS)('by $method $path', async (door) => {
    rig.mails.set('1', 'canary');
    const { path, method } = door;
    for (const [who, headers] of consoleStrangers(rig, await rig.session())) {
      if (isLetIn(who, door)) continue;
      const reply = await rig.send(path, { method, headers, body: method === 'POST' ? '{}' : '' });
      expect([who, reply.status, isTurnedAway(reply)]).toEqual([who, reply.status, true]);
    }
    expect(rig.called).toEqual([]);
  });

  test('a page calls nothing without naming its origin', async () => {
    expect((await rig.post('status.get', { cookie: await rig.session() })).status).toBe(401);
  });

  test.each([
    ...Object.keys(METHODS).flatMap((name) =>
      ['GET', 'PUT', 'DELETE', 'OPTIONS'].map((verb) => [verb, `/api/${name}`]),
    ),
    ...['POST', 'PUT', 'OPTIONS'].flatMap((verb) => [
      [verb, '/api/events'],
      [verb, '/'],
      [verb, '/mail/log/1'],
    ]),
  ])('%s is no verb for %s', async (method = '', path = '') => {
    const headers = { cookie: await rig.session(), origin: rig.origin };
    const reply = await rig.send(path, { method, headers });
    expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([405, undefined]);
    expect(rig.called).toEqual([]);
  });

  test('a session ends after twelve hours', async () => {
    const headers = { cookie: await rig.session(), origin: rig.origin };
    await rig.clock.advance(12 * 3_600_000 + 1);
    expect((await rig.post('status.get', headers)).status).toBe(401);
  });
});

describe('the web console', () => {
  test('opens by a link, once, and again by its cookie', async () => {
    const link = `/?link=${rig.access.newLink()}`;
    const first = await rig.send(link);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
    const again = await rig.send(link);
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
    const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    for (const _reload of [1, 2])
      expect(await rig.send('/', { headers: { cookie } })).toMatchObject({
        status: 200,
        body: 'the stand-in',
      });
  });

  test('a link is good for five minutes', async () => {
    const link = `/?link=${rig.access.newLink()}`;
    await rig.clock.advance(5 * 60_000 + 1);
    expect((await rig.send(link)).status).toBe(403);
  });

  test('a link opens nothing but the page', async () => {
    const path = `/mail/log/1?link=${rig.access.newLink()}`;
    rig.mails.set('1', 'canary');
    expect((await rig.send(path)).status).toBe(403);
  });

  test('says calmly, on a page, how to get in without a session', async () => {
    const reply = await rig.send('/', { headers: { cookie: `tocsin_session_${rig.port}=expired` } });
    expect(reply.status).toBe(403);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.body).toMatch(/only this session has ended.*<code>tocsin console<\/code>/s);
  });

  test('may be come to by a link elsewhere, where the cookie is there', async () => {
    const headers = {
      cookie: await rig.session(),
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'navigate',
    };
    expect((await rig.send('/', { headers })).status).toBe(200);
  });

  test.each(['//', '/\\\\', 'http://[', '*'])(
    'an address that is none (%s) is answered, and no fault',
    async (path) => {
      const reply = await rig.send(path, { headers: { cookie: await rig.session() } });
      expect([403, 404, 405]).toContain(reply.status);
      expect(rig.faults).toEqual([]);
    },
  );

  test('every answer forbids framing, sniffing, keeping and telling where one came from', async () => {
    rig.mails.set('1', '<p>');
    const cookie = await rig.session();
    const replies = [
      await rig.send('/'),
      await rig.send('/', { headers: { cookie } }),
      await rig.send('/no-such', { headers: { cookie } }),
      await rig.post('status.get', rig.bearer),
      await rig.post('status.get', {}),
      await rig.send('/', { headers: { host: 'evil.example' } }),
    ];
    for (const { headers } of replies) {
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    }
  });
});
