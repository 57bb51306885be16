import * as fc from 'fast-check';
import { createServer as createTcpServer } from 'node:net';
import { createServer } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTlsSource, daysUntil, parseTlsTarget } from '../../../../../electron/agent/collect/tls.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { makeCertificates, type TestCertificates } from '../../../../fakes/certificates.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { addressLike } from './address-like.ts';
import { listenLocally } from './local-server.ts';
import { readOne, reasonOf } from './measuring.ts';

const DAY_MS = 86_400_000;

let certificates: TestCertificates;
beforeAll(() => {
  certificates = makeCertificates();
});

const resolveName = (
  _name: string,
  resolved: (error: null, addresses: [{ address: string; family: 4 }]) => void,
) => resolved(null, [{ address: '127.0.0.1', family: 4 }]);
const source = createTlsSource({ clock: systemClock, resolveName });

describe('tls.expiresInDays', () => {
  test('a certificate nobody trusts is read all the same, over host:port and over https', async () => {
    const port = await listenLocally(createServer(certificates.good));
    for (const target of [`127.0.0.1:${port}`, `https://localhost:${port}/page`]) {
      const reading = await readOne(source, 'tls.expiresInDays', target);
      expect(Number(reading.value)).toBeGreaterThan(0.9);
      expect(Number(reading.value)).toBeLessThanOrEqual(1);
      expect(reading).toHaveProperty('detail', expect.stringMatching(/^it ends at 20\d\d-\d\d-\d\dT/));
    }
  });

  test('a certificate that has ended is below 0', async () => {
    const port = await listenLocally(createServer(certificates.expired));
    const clock = new FakeClock(Date.UTC(2020, 1, 11, 12));
    const past = createTlsSource({ clock });
    expect(await readOne(past, 'tls.expiresInDays', `127.0.0.1:${port}`)).toEqual({
      value: -10.5,
      detail: 'it ends at 2020-02-01T00:00:00.000Z',
    });
    expect(clock.pending).toBe(0);
  });

  test('the server is told which name is meant (SNI)', async () => {
    const names: string[] = [];
    const server = createServer({
      ...certificates.good,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    const port = await listenLocally(server);
    await readOne(source, 'tls.expiresInDays', `shop.example:${port}`);
    expect(names).toEqual(['shop.example']);
  });
});

describe('unknown', () => {
  test('nobody listens', async () => {
    const server = createTcpServer();
    const port = await listenLocally(server);
    await new Promise((resolve) => server.close(resolve));
    expect(reasonOf(await readOne(source, 'tls.expiresInDays', `127.0.0.1:${port}`))).toBe(
      'no certificate could be read: connection refused',
    );
  });

  test.each([
    ['greets in clear', '220 mail ESMTP\r\n', 'no certificate could be read: it does not speak TLS'],
    ['says nothing', '', 'no certificate came within 0.2 s'],
  ])('a server that %s', async (_rule, greeting, reason) => {
    const port = await listenLocally(createTcpServer((socket) => socket.write(greeting)));
    const impatient = createTlsSource({ clock: systemClock, deadlineMs: 200 });
    expect(reasonOf(await readOne(impatient, 'tls.expiresInDays', `127.0.0.1:${port}`))).toBe(reason);
  });

  test('a server that hangs up', async () => {
    const port = await listenLocally(createTcpServer((socket) => socket.end()));
    expect(reasonOf(await readOne(source, 'tls.expiresInDays', `127.0.0.1:${port}`))).toContain(
      'no certificate',
    );
  });

  test('closing the source ends what is under way', async () => {
    const port = await listenLocally(createTcpServer());
    const stopped = createTlsSource({ clock: systemClock });
    const reading = readOne(stopped, 'tls.expiresInDays', `127.0.0.1:${port}`);
    stopped.close?.();
    expect(reasonOf(await reading)).toBe('measuring was stopped');
  });

  test.each(['', 'example.com', 'http://example.com/', 'https://'])('%j is no target', async (target) => {
    expect(reasonOf(await readOne(source, 'tls.expiresInDays', target))).toContain('must be host:port');
  });
});

test.each([
  ['mail.example:993', { host: 'mail.example', port: 993 }],
  ['[::1]:8443', { host: '::1', port: 8443 }],
  ['https://shop.example/cart?x=1', { host: 'shop.example', port: 443 }],
  ['https://[2001:db8::1]:8443/', { host: '2001:db8::1', port: 8443 }],
  ['http://shop.example/', null],
])('%s', (target, expected) => {
  expect(parseTlsTarget(target)).toEqual(expected);
});

test('no text makes the reading of a target throw, and a port is always one', () => {
  fc.assert(
    fc.property(addressLike, (text) => {
      const parsed = parseTlsTarget(text);
      expect(parsed === null || (parsed.host !== '' && parsed.port >= 0 && parsed.port <= 65_535)).toBe(true);
    }),
  );
});

test('days are cut, never rounded up', () => {
  fc.assert(
    fc.property(fc.double({ min: -5000, max: 5000, noNaN: true }), (days) => {
      const shown = daysUntil(days * DAY_MS, 0);
      expect(shown <= days && days - shown < 0.010001).toBe(true);
    }),
  );
});
