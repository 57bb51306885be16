import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  contentDigest,
  contentDigestFault,
  publicKeyText,
  readPublicKey,
  type SignableRequest,
  signRequest,
  verifyRequest,
} from '../../../mail/relay-signature.ts';

/** RFC 9421 B.1.4 and B.2.6, to the letter. */
const RFC_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`;
const RFC_REQUEST: SignableRequest = {
  method: 'POST',
  targetUri: 'https://example.com/foo?param=Value&Pet=dog',
  headers: {
    host: 'example.com',
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-digest':
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'content-length': '18',
    'signature-input':
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature:
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
  },
};

const keyOf = () => readPublicKey(RFC_KEY);
const withHeader = (name: string, value: string): SignableRequest => ({
  ...RFC_REQUEST,
  headers: { ...RFC_REQUEST.headers, [name]: value },
});

describe("RFC 9421's own ed25519 example", () => {
  test('verifies', async () => {
    expect(await verifyRequest(RFC_REQUEST, keyOf)).toMatchObject({
      ok: true,
      signature: { keyId: 'test-key-ed25519', created: 1_618_884_473 },
    });
  });

  const input = String(RFC_REQUEST.headers['signature-input']);
  test.each<[string, SignableRequest]>([
    ['the method', { ...RFC_REQUEST, method: 'PUT' }],
    ['the path', { ...RFC_REQUEST, targetUri: 'https://example.com/bar?param=Value&Pet=dog' }],
    ['the authority', { ...RFC_REQUEST, targetUri: 'https://example.org/foo?param=Value&Pet=dog' }],
    ['the date', withHeader('date', 'Tue, 20 Apr 2021 02:07:56 GMT')],
    ['the content type', withHeader('content-type', 'application/xml')],
    ['the content length', withHeader('content-length', '19')],
    ['created', withHeader('signature-input', input.replace('4473', '4474'))],
    ['the key id', withHeader('signature-input', input.replace('test-key', 'best-key'))],
    ['the list of components', withHeader('signature-input', input.replace('"date" ', ''))],
    [
      'the signature',
      withHeader('signature', String(RFC_REQUEST.headers['signature']).replace('wqcA', 'wqcB')),
    ],
  ])('fails when %s is changed', async (_, request) => {
    expect(await verifyRequest(request, keyOf)).toMatchObject({ ok: false });
  });
});

describe('signing and verifying', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const body = Buffer.from('{}');
  const sign = async (): Promise<SignableRequest> => ({
    method: 'POST',
    targetUri: 'https://relay.example/v1/messages',
    headers: await signRequest(
      {
        method: 'POST',
        targetUri: 'https://relay.example/v1/messages',
        body,
        idempotencyKey: 'message-1',
        now: 1_800_000_000_500,
        nonce: 'n1',
      },
      { keyId: 'k1', privateKey },
    ),
  });

  test('covers method, target, digest and idempotency key, with times and nonce', async () => {
    expect(await verifyRequest(await sign(), () => publicKey)).toEqual({
      ok: true,
      signature: {
        keyId: 'k1',
        created: 1_800_000_000,
        expires: 1_800_000_300,
        nonce: 'n1',
        covered: ['@method', '@target-uri', 'content-digest', 'idempotency-key'],
      },
    });
  });

  test.each<[string, (headers: Record<string, string>) => Record<string, string | string[]>]>([
    ['no signature', (h) => ({ 'signature-input': String(h['signature-input']) })],
    [
      'two signatures',
      (h) => ({
        ...h,
        signature: `${h['signature']}, other=:AAAA:`,
        'signature-input': `${h['signature-input']}, other=("@method");keyid="k1"`,
      }),
    ],
    [
      'a component with parameters',
      (h) => ({
        ...h,
        'signature-input': String(h['signature-input']).replace('"@method"', '"@method";req'),
      }),
    ],
    [
      'a component twice',
      (h) => ({
        ...h,
        'signature-input': String(h['signature-input']).replace('"@method"', '"@method" "@method"'),
      }),
    ],
    ['a garbled signature', (h) => ({ ...h, signature: 'tocsin=:%%%:' })],
    ['a garbled input', (h) => ({ ...h, 'signature-input': 'tocsin=(((' })],
  ])('refuses %s', async (_, change) => {
    const request = await sign();
    const headers = change(request.headers as Record<string, string>);
    expect(await verifyRequest({ ...request, headers }, () => publicKey)).toMatchObject({ ok: false });
  });

  test('an unknown key is refused', async () => {
    expect(await verifyRequest(await sign(), () => null)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('key'),
    });
  });
});

describe('Content-Digest', () => {
  const body = Buffer.from('{"hello": "world"}');
  test.each<[string, string, boolean]>([
    ['sha-256 of the same bytes', contentDigest(body), true],
    ["RFC 9421's sha-512", String(RFC_REQUEST.headers['content-digest']), true],
    ['another known one beside an unknown one', `md5=:AAAA:, ${contentDigest(body)}`, true],
    ['sha-256 of other bytes', contentDigest(Buffer.from('x')), false],
    ['one right and one wrong', `${contentDigest(body)}, sha-512=:AAAA:`, false],
    ['only an unknown one', 'md5=:AAAA:', false],
    ['nothing', '', false],
  ])('%s', (_, header, right) => {
    expect(contentDigestFault(header, body) === null).toBe(right);
  });
});

describe('public keys', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const raw = Buffer.from(String(jwk.x), 'base64url');
  const der = publicKey.export({ format: 'der', type: 'spki' });
  test.each<[string, unknown]>([
    ['a JWK', jwk],
    ['a JWK as text', JSON.stringify(jwk)],
    ['PEM', publicKey.export({ format: 'pem', type: 'spki' })],
    ['32 bytes in base64url', raw.toString('base64url')],
    ['32 bytes in base64', raw.toString('base64')],
    ['SubjectPublicKeyInfo in base64', der.toString('base64')],
  ])('%s is read', (_, given) => {
    const key = readPublicKey(given);
    expect(key && publicKeyText(key)).toBe(jwk.x);
  });

  test.each<[string, unknown]>([
    ['a private JWK', privateKey.export({ format: 'jwk' })],
    ['a private PEM', privateKey.export({ format: 'pem', type: 'pkcs8' })],
    ['another kind of key', generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })],
    ['too few bytes', raw.subarray(1).toString('base64url')],
    ['words', 'my key'],
    ['nothing', null],
    ['a number', 7],
  ])('%s is refused', (_, given) => {
    expect(readPublicKey(given)).toBeNull();
  });
});
