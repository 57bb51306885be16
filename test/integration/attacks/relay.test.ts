import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Answer, RelayClient } from '../../fakes/relay-client.ts';
import { aRequest, type RelayRig, startRelayRig } from '../../fakes/relay-rig.ts';

/**
 * A Web Service on a real port, and callers that mean harm: strangers on the network, one who has copied a request on its
 * way, and an installation that is enrolled and turns bad. Each row of the contract's refusals stands in
 * test/unit/relay/refusals.test.ts. Whatever comes, the service goes on, and nothing is mailed that was not accepted.
 */

const MESSAGES = '/v1/messages';

interface Row {
  readonly attack: string;
  readonly code: string;
  readonly ask: (client: RelayClient, rig: RelayRig) => Promise<Answer>;
}

const nested = `{"kind":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

const ROWS: readonly Row[] = [
  {
    attack: 'a whole request a second time',
    code: 'signature_invalid',
    async ask(client, rig) {
      const call = { path: '/v1/installation', nonce: randomUUID(), now: rig.clock.now() };
      expect((await client.call(call)).status).toBe(200);
      return client.call(call);
    },
  },
  {
    attack: 'a copied request after the time in which its nonce is remembered',
    code: 'clock_skew',
    async ask(client, rig) {
      const call = { path: '/v1/installation', nonce: randomUUID(), now: rig.clock.now() };
      expect((await client.call(call)).status).toBe(200);
      rig.clock.shiftMs += 11 * 60_000;
      return client.call(call);
    },
  },
  {
    attack: 'a copied request of another method',
    code: 'not_found',
    ask: (client) => client.call({ path: '/v1/installation', method: 'DELETE' }),
  },
  {
    attack: 'the signature of another request',
    code: 'signature_invalid',
    async ask(client, rig) {
      const url = `${rig.url}/v1/installation`;
      return client.call({ path: MESSAGES, body: aRequest(), id: 'm-1', targetUri: url });
    },
  },
  {
    attack: 'a signature that does not cover the body',
    code: 'signature_invalid',
    ask: (client) =>
      client.call({
        path: MESSAGES,
        body: aRequest(),
        id: 'm-1',
        headers: { 'signature-input': 'tocsin=("@method" "@target-uri");created=1;keyid="x";alg="ed25519"' },
      }),
  },
  {
    attack: 'two signatures',
    code: 'signature_invalid',
    ask: (client) =>
      client.call({
        path: MESSAGES,
        body: aRequest(),
        id: 'm-1',
        headers: {
          signature: 'a=:AAAA:, b=:AAAA:',
          'signature-input': 'a=("@method");keyid="x", b=("@method");keyid="y"',
        },
      }),
  },
  ...['none', 'hmac-sha256', 'rsa-v1_5-sha256'].map((alg) => ({
    attack: `a signature by “${alg}”`,
    code: 'signature_invalid',
    ask: (client: RelayClient) =>
      client.call({
        path: MESSAGES,
        body: aRequest(),
        id: 'm-1',
        headers: {
          signature: 'tocsin=:AAAA:',
          'signature-input': `tocsin=("@method" "@target-uri" "content-digest");created=${Math.floor(Date.now() / 1000)};keyid="${client.keyId}";alg="${alg}"`,
        },
      }),
  })),
  {
    attack: 'rubbish for a signature',
    code: 'signature_invalid',
    ask: (client) =>
      client.call({ path: MESSAGES, body: aRequest(), id: 'm-1', headers: { 'signature-input': '(((((' } }),
  },
  {
    attack: 'a digest by MD5',
    code: 'signature_invalid',
    ask: (client) =>
      client.call({
        path: MESSAGES,
        body: aRequest(),
        id: 'm-1',
        headers: { 'content-digest': 'md5=:AAAA:' },
      }),
  },
  {
    attack: 'a body nested without end',
    code: 'invalid_message',
    ask: (client) => client.call({ path: MESSAGES, body: nested, id: 'm-1' }),
  },
  {
    attack: 'an enrolment nested without end, unsigned',
    code: 'invalid_message',
    ask: (_, rig) => unsigned(rig, '/v1/enrolments', nested),
  },
  {
    attack: 'a key that all objects have',
    code: 'invalid_message',
    ask: (client) =>
      client.call({
        path: MESSAGES,
        body: JSON.stringify(aRequest()).replace('{', '{"__proto__":{"to":[]},'),
        id: 'm-1',
      }),
  },
  {
    attack: 'a body that is no UTF-8',
    code: 'invalid_message',
    ask: (client) => client.call({ path: MESSAGES, body: Buffer.from([0x22, 0xff, 0x22]), id: 'm-1' }),
  },
  {
    attack: 'the state of another installation’s message',
    code: 'not_found',
    async ask(client, rig) {
      const other = await rig.enrol();
      expect((await other.submit(aRequest(), 'theirs')).status).toBe(202);
      return client.call({ path: '/v1/messages/theirs' });
    },
  },
  {
    attack: 'an id that leads elsewhere',
    code: 'not_found',
    ask: (client) => client.call({ path: '/v1/messages/..%2f..%2finstallation' }),
  },
  {
    attack: 'the id of a message again, with another body',
    code: 'idempotency_conflict',
    async ask(client) {
      expect((await client.submit(aRequest(), 'same')).status).toBe(202);
      return client.submit(aRequest({ to: ['evil@x.example'] }), 'same');
    },
  },
  {
    attack: 'the id of a message that was refused, for another: it was never taken',
    code: 'invalid_message',
    async ask(client) {
      const refused = await client.submit(aRequest({ to: [] }), 'first');
      expect((await client.submit(aRequest(), 'first')).status).toBe(202);
      return refused;
    },
  },
  {
    attack: '101 recipients',
    code: 'invalid_message',
    ask: (client) =>
      client.submit(aRequest({ to: Array.from({ length: 101 }, (_, n) => `n${n}@x.example`) })),
  },
];

async function unsigned(rig: RelayRig, path: string, body: string): Promise<Answer> {
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', body });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('requests that mean harm', () => {
  test.each(ROWS)('$attack: $code', async ({ ask, code }) => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const answer = await ask(client, rig);
    expect(answer.body).toMatchObject({ code });
    expect(rig.logged()).not.toMatch(/RangeError|unexpected/);
    expect((await client.call({ path: '/v1/installation' })).status).toBe(200);
  });

  test('codes are not found by trying: an address gets 120 tries in a minute', async () => {
    const rig = await startRelayRig();
    const code = await rig.newCode();
    const tries = await Promise.all(
      Array.from({ length: 130 }, () =>
        unsigned(rig, '/v1/enrolments', '{"code":"X","name":"n","publicKey":"x"}'),
      ),
    );
    expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    expect(
      (await unsigned(rig, '/v1/enrolments', JSON.stringify({ code, name: 'n', publicKey: 'x' }))).status,
    ).toBe(429);
  });
});

/** Sends bytes as they are and gives the first status line, or `closed` where there was none. */
function statusOf(rig: RelayRig, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(rig.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let heard = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      heard += String(chunk);
      if (heard.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 'closed'));
  });
}

describe('what only the wire has', () => {
  const head = `POST ${MESSAGES} HTTP/1.1\r\nHost: x\r\n`;
  test.each([
    ['a flood of headers', `${head}${'X: a\r\n'.repeat(5000)}\r\n`, '431'],
    ['a header of 100 KB', `${head}X: ${'a'.repeat(100_000)}\r\n\r\n`, '431'],
    [
      'a length and chunks at once',
      `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['a body of 2 GB that is only announced', `${head}Content-Length: 2147483648\r\n\r\n`, '413'],
    ['a length below nothing', `${head}Content-Length: -1\r\n\r\n`, '400'],
    ['no HTTP', 'EHLO x\r\n\r\n', '400'],
  ])('%s', async (_rule, bytes, status) => {
    const rig = await startRelayRig();
    expect(await statusOf(rig, bytes)).toBe(status);
    expect((await fetch(`${rig.url}/healthz`)).status).toBe(200);
  });

  test('who sends nothing, or a header a byte at a time, is put out, and others are served meanwhile', async () => {
    const rig = await startRelayRig();
    const { hostname, port } = new URL(rig.url);
    const sockets = [connect(Number(port), hostname), connect(Number(port), hostname)];
    const [, slow] = sockets;
    slow?.write(head);
    const drip = setInterval(() => slow?.write('X: a\r\n'), 500);
    const closed = sockets.map((socket) => {
      socket.on('error', () => {});
      return new Promise((resolve) => socket.once('close', resolve).resume());
    });
    expect((await fetch(`${rig.url}/healthz`)).status).toBe(200);
    await Promise.all(closed);
    clearInterval(drip);
  }, 40_000);

  test('chunks without end are left at 1 MiB', async () => {
    const rig = await startRelayRig();
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    expect(await statusOf(rig, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`)).toBe('413');
  });
});
