import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ConsoleAccess,
  createConsoleAccess,
} from '../../../../../electron/agent/console/console-access.ts';
import {
  type ConsoleServer,
  startConsoleServer,
} from '../../../../../electron/agent/console/console-server.ts';
import { type Handlers, METHODS } from '../../../../../shared/contract/ipc.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

let clock: FakeClock;
let access: ConsoleAccess;
let server: ConsoleServer;
let called: string[];
let faults: unknown[];
/** Thrown by every method. */
let thrown: Error | null;

beforeEach(async () => {
  clock = new FakeClock();
  access = createConsoleAccess(clock);
  called = [];
  faults = [];
  thrown = null;
  const handlers = Object.fromEntries(
    Object.keys(METHODS).map((name) => [
      name,
      () => {
        called.push(name);
        if (thrown) throw thrown;
        return { answered: name };
      },
    ]),
  ) as unknown as Handlers;
  server = await startConsoleServer({
    port: 0,
    access,
    handlers,
    page: () => 'the page',
    onFault: (error) => faults.push(error),
  });
});

afterEach(() => server.close());

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function call(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const outgoing = request(
      { host: '127.0.0.1', port: server.port, path, method, headers, agent: false },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk) => (text += String(chunk)));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const post = (name: string, headers: Record<string, string>, body = '{}') =>
  call(`/api/${name}`, { method: 'POST', headers, body });
const bearer = () => ({ authorization: `Bearer ${access.token}` });
const own = () => `http://127.0.0.1:${server.port}`;

async function session(): Promise<string> {
  const reply = await call(`/?link=${access.newLink()}`);
  return String(reply.headers['set-cookie']?.[0]).split(';')[0] ?? '';
}

describe('the control API', () => {
  test('answers whoever brings the token', async () => {
    expect(await post('status.get', bearer())).toMatchObject({
      status: 200,
      body: '{"answered":"status.get"}',
    });
  });

  test.each(Object.keys(METHODS))(
    'refuses %s without token, with a wrong one, and from a page elsewhere',
    async (name) => {
      const cookie = await session();
      const refused = [
        await post(name, {}),
        await post(name, { authorization: 'Bearer guessed' }),
        await post(name, { cookie: 'tocsin_session=guessed', origin: own() }),
        await post(name, { cookie, origin: 'https://evil.example' }),
        await post(name, { cookie }),
      ];
      expect(refused.map((reply) => reply.status)).toEqual([401, 401, 401, 401, 401]);
      expect(called).toEqual([]);
    },
  );

  test('a call that the system refuses is answered with its reason; a fault of its own shows nothing of it', async () => {
    const headers = { authorization: `Bearer ${access.token}` };
    thrown = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    const full = await call('/api/status.get', { method: 'POST', headers });
    expect([full.status, full.body]).toEqual([500, expect.stringContaining('disk is full') as unknown]);
    thrown = new Error('canary');
    const fault = await call('/api/status.get', { method: 'POST', headers });
    expect([fault.status, JSON.parse(fault.body)]).toEqual([
      500,
      { message: expect.stringContaining('fault of its own') as unknown },
    ]);
    expect(fault.body).not.toContain('canary');
  });

  test.each(['//', '/\\\\', 'http://[', '*'])(
    'an address that is none (%s) is answered, and no fault',
    async (path) => {
      expect((await call(path)).status).toBe(404);
      expect(faults).toEqual([]);
    },
  );

  test('refuses a name that was pointed at this computer (DNS rebinding)', async () => {
    expect((await post('status.get', { ...bearer(), host: 'evil.example' })).status).toBe(421);
    expect(called).toEqual([]);
  });

  test.each([
    ['an unknown method', 'no.such', '{}', 404],
    ['a name every object has', 'constructor', '{}', 404],
    ['bad JSON', 'status.get', '{', 400],
    ['an unknown key', 'status.get', '{"x":1}', 400],
    ['a wrong type', 'alerts.snooze', '{"name":"x","minutes":"5"}', 400],
    ['an address with CRLF', 'mail.test', '{"to":"a@b.c\\r\\nx","via":"smtp"}', 400],
    ['a body that is too large', 'settings.import', `{"text":"${'x'.repeat(9 * 1024 * 1024)}"}`, 413],
  ])('refuses %s', async (_rule, name, body, status) => {
    expect((await post(name, bearer(), body)).status).toBe(status);
    expect(called).toEqual([]);
  });

  test('answers the console’s own page', async () => {
    expect((await post('status.get', { cookie: await session(), origin: own() })).status).toBe(200);
  });
});

describe('the web console', () => {
  test('opens by a link, once', async () => {
    const link = `/?link=${access.newLink()}`;
    const first = await call(link);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await call(link)).status).toBe(403);
    const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    expect(await call('/', { headers: { cookie } })).toMatchObject({ status: 200, body: 'the page' });
  });

  test('a link is good for five minutes', async () => {
    const link = `/?link=${access.newLink()}`;
    await clock.advance(5 * 60_000 + 1);
    expect((await call(link)).status).toBe(403);
  });

  test('shows nothing without a session, and says how to get one', async () => {
    expect(await call('/')).toMatchObject({ status: 403, body: expect.stringContaining('tocsin console') });
    expect((await call('/', { headers: { cookie: 'tocsin_session=guessed' } })).status).toBe(403);
  });

  test('may not be framed, loads nothing and runs nothing', async () => {
    const { headers } = await call('/', { headers: { cookie: await session() } });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers['cache-control']).toBe('no-store');
  });
});
