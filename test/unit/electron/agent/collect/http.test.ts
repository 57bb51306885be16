import * as fc from 'fast-check';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { createHttpSource, parseWebAddress } from '../../../../../electron/agent/collect/http.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { makeCertificates, type TestCertificates } from '../../../../fakes/certificates.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { addressLike } from './address-like.ts';
import { listenLocally } from './local-server.ts';
import { readAll, readOne, reasonOf, request } from './measuring.ts';

const source = createHttpSource({ clock: systemClock });

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listenLocally(createServer(listener))}/`;
}

/** A server that says these bytes and then nothing, its connection left open or ended. */
async function say(bytes: string, then: 'stays' | 'ends'): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => (then === 'ends' ? socket.end(bytes) : socket.write(bytes)));
  });
  return `http://127.0.0.1:${await listenLocally(server)}/`;
}

describe('http.status', () => {
  test.each([200, 204, 304, 401, 404, 500, 503])('%d is what the server answered', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await readOne(source, 'http.status', url)).toEqual({ value: status });
  });

  test('a redirect is not followed', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    expect(await readOne(source, 'http.status', url)).toEqual({ value: 302 });
  });

  test('both metrics of a page are one request, which says who asks', async () => {
    const seen: string[] = [];
    const url = await serve((asked, response) => {
      seen.push(`${asked.method} ${asked.url} ${asked.headers['user-agent']}`);
      response.end('fine');
    });
    const requests = [request('http.status', url), request('http.responseMilliseconds', url)];
    const [status, time] = await readAll(source, requests);
    expect(status).toEqual({ value: 200 });
    expect(time?.value).toBeGreaterThan(0);
    expect(seen).toEqual(['GET / Tocsin']);
  });

  test('of a page without end, 64 KB are enough', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await readOne(source, 'http.status', url)).toEqual({ value: 200 });
  });
});

describe('no page has status 0, so that it can fire', () => {
  test('nobody listens', async () => {
    const server = createServer();
    const port = await listenLocally(server);
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}/`;
    expect(await readOne(source, 'http.status', url)).toEqual({
      value: 0,
      detail: 'no page: connection refused',
    });
    expect(reasonOf(await readOne(source, 'http.responseMilliseconds', url))).toBe(
      'there was no page: connection refused',
    );
  });

  test('the name does not exist', async () => {
    const lost = createHttpSource({
      clock: systemClock,
      resolveName: (name, resolved) => resolved(Object.assign(new Error(name), { code: 'ENOTFOUND' }), []),
    });
    expect(await readOne(lost, 'http.status', 'http://nowhere.invalid/')).toEqual({
      value: 0,
      detail: 'no page: the name does not exist',
    });
  });

  test.each([
    ['hangs up', '', 'connection reset'],
    ['speaks something else', '220 mail ESMTP\r\n', 'its answer is not HTTP (HPE_INVALID_CONSTANT)'],
    [
      'breaks off within the page',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
      'it answered 200, but the page broke off: the connection was closed',
    ],
  ])('a server that %s', async (_rule, bytes, detail) => {
    const url = await say(bytes, 'ends');
    expect(await readOne(source, 'http.status', url)).toEqual({ value: 0, detail: `no page: ${detail}` });
  });

  test.each([
    ['says nothing', '', 'no answer within 0.2 s'],
    ['stops within its header', 'HTTP/1.1 200 OK\r\nServer: ', 'no answer within 0.2 s'],
    [
      'stops within the page',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
      'it answered 200, but the page did not end within 0.2 s',
    ],
  ])('a server that %s', async (_rule, bytes, detail) => {
    const url = await say(bytes, 'stays');
    const impatient = createHttpSource({ clock: systemClock, deadlineMs: 200 });
    expect(await readOne(impatient, 'http.status', url)).toEqual({ value: 0, detail: `no page: ${detail}` });
  });

  test('a server that drips for ever', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const impatient = createHttpSource({ clock: systemClock, deadlineMs: 200 });
    expect((await readOne(impatient, 'http.status', url)).value).toBe(0);
  });

  test('a name that is never found ends at the deadline', async () => {
    const clock = new FakeClock();
    const waiting = createHttpSource({ clock, resolveName: () => undefined });
    // Loads node:http, so that no time passes on it below.
    await import('node:http');
    const reading = readOne(waiting, 'http.status', 'http://slow.invalid/');
    await clock.advance(0);
    await clock.advance(10_000);
    expect(await reading).toEqual({ value: 0, detail: 'no page: no answer within 10 s' });
    expect(clock.pending).toBe(0);
  });
});

describe('over https', () => {
  let certificates: TestCertificates;
  beforeAll(() => {
    certificates = makeCertificates();
  });

  test.each([
    ['good', true, { value: 200 }],
    [
      'good',
      false,
      {
        value: 0,
        detail:
          'no page: its certificate cannot be traced to an authority; the server may not send the whole chain',
      },
    ],
    ['otherName', true, { value: 0, detail: 'no page: its certificate is for another name' }],
    ['expired', true, { value: 0, detail: 'no page: its certificate has expired' }],
  ] as const)('certificate %s, its authority trusted: %s', async (name, trusted, expected) => {
    const { key, cert } = certificates[name];
    const server = createTlsServer({ key, cert }, (_request, response) => response.end('fine'));
    server.on('tlsClientError', () => undefined);
    const port = await listenLocally(server);
    const https = createHttpSource({
      clock: systemClock,
      authorities: trusted ? [certificates.ca] : [],
      resolveName: (_name, resolved) => resolved(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    expect(await readOne(https, 'http.status', `https://localhost:${port}/`)).toEqual(expected);
  });

  test('a server without TLS', async () => {
    const url = (await serve((_request, response) => response.end())).replace('http:', 'https:');
    expect(await readOne(source, 'http.status', url)).toEqual({
      value: 0,
      detail: 'no page: it does not speak TLS',
    });
  });
});

test('closing the source ends what is under way', async () => {
  const url = await say('', 'stays');
  const stopped = createHttpSource({ clock: systemClock });
  const reading = readOne(stopped, 'http.status', url);
  stopped.close?.();
  expect(reasonOf(await reading)).toBe('measuring was stopped');
});

test.each(['', 'example.com', 'ftp://example.com/', 'file:///etc/passwd', 'http://'])(
  '%j is no target',
  async (target) => {
    expect(reasonOf(await readOne(source, 'http.status', target))).toContain('must be an address');
  },
);

test('no text makes the reading of an address throw', () => {
  fc.assert(
    fc.property(addressLike, (text) => {
      const url = parseWebAddress(text);
      expect(url === null || /^https?:$/.test(url.protocol)).toBe(true);
    }),
  );
});
