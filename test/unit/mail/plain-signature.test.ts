import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { httpbis } from 'http-message-signatures';
import { expect, test } from 'vitest';
import { readPlainSignature } from '../../../mail/plain-signature.ts';
import {
  type SignableRequest,
  signRequest,
  verifyByTheBook,
  verifyRequest,
} from '../../../mail/relay-signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const keyOf = (keyId: string) => (keyId.startsWith('k') ? publicKey : null);

const BASE = {
  method: 'POST',
  targetUri: 'https://relay.example/v1/messages?a=%20b',
  headers: {
    'content-digest': 'sha-256=:avfqFme7FmXzSH9GhKDQxKo8Soe2mH5rRpRUT4ajiko=:',
    'idempotency-key': 'message-1',
    'content-type': 'application/json; charset=utf-8',
    'x-padded': '  spread \tout  ',
    'x-empty': '',
    'x-latin': 'b\u00e4r\u00a0',
    'x-twice': ['one', 'two'],
  },
} as const;

const PLAIN_FIELDS = ['@method', '@target-uri', 'content-digest', 'idempotency-key', 'content-type'];
const FIELDS = ['@path', '@authority', ...PLAIN_FIELDS, ...Object.keys(BASE.headers).slice(3)];
const PLAIN_PARAMETERS = ['created', 'expires', 'nonce', 'keyid'];
/** Half of them all plain, so that both ways are taken often. */
const chosenOf = (plain: readonly string[], all: readonly string[]) =>
  fc.oneof(
    fc.shuffledSubarray([...plain], { minLength: 2 }),
    fc.shuffledSubarray([...all], { minLength: 1 }),
  );
const printable = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
});
const seconds = fc.integer({ min: 0, max: 999_999_999_999 }).map((value) => new Date(value * 1000));

/** Requests that are signed as RFC 9421 has it, with whatever the client chose to cover and to say. */
const signedRequests = fc
  .record({
    name: fc.constantFrom('tocsin', 'sig1', 'sig-b26', '*x', 'a.b', 'constructor'),
    fields: chosenOf(PLAIN_FIELDS, FIELDS),
    params: chosenOf([...PLAIN_PARAMETERS, 'alg'], [...PLAIN_PARAMETERS, 'alg', 'tag']),
    keyid: fc.oneof(
      fc.constant('k1'),
      fc.constant('unknown'),
      printable.map((text) => `k${text}`),
    ),
    nonce: fc.oneof(fc.uuid(), printable),
    created: seconds,
    expires: seconds,
    alg: fc.constantFrom('ed25519', 'rsa-pss-sha512'),
  })
  .map(async ({ name, fields, params, alg, ...values }): Promise<SignableRequest> => {
    const { method, targetUri } = BASE;
    const headers = Object.fromEntries(
      Object.entries(BASE.headers).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : [...value],
      ]),
    );
    const signed = await httpbis.signMessage(
      {
        key: { id: values.keyid, alg: 'ed25519', sign: async (data) => sign(null, data, privateKey) },
        name,
        fields,
        params,
        paramValues: { ...values, alg, tag: 'app' },
      },
      { method, url: targetUri, headers },
    );
    const lowered = Object.entries(signed.headers).map(([key, value]) => [key.toLowerCase(), value] as const);
    return { method, targetUri, headers: Object.fromEntries(lowered) };
  });

/** One change to what the client has sent. */
const changes = fc.record({
  header: fc.constantFrom('signature', 'signature-input', 'content-digest', 'idempotency-key'),
  at: fc.nat({ max: 400 }),
  removed: fc.nat({ max: 3 }),
  added: fc.string({
    unit: fc.constantFrom(
      ...Array.from('"();,=: @0159aekz*-._\\AZ+/%?\t'),
      ' "@method"',
      ';created=1',
      ';keyid="k2"',
    ),
    maxLength: 3,
  }),
});

async function expectOneVerdict(request: SignableRequest) {
  const verdict = await verifyRequest(request, keyOf);
  expect(verdict).toEqual(await verifyByTheBook(request, keyOf));
  return verdict;
}

test('what is signed is verified the same way as by the book, whatever it covers and says', async () => {
  const seen = { plain: 0, book: 0, verified: 0 };
  await fc.assert(
    fc.asyncProperty(signedRequests, async (making) => {
      const request = await making;
      const verdict = await expectOneVerdict(request);
      const plain = readPlainSignature(request);
      seen[plain === null ? 'book' : 'plain'] += 1;
      if (plain !== null && verdict.ok) seen.verified += 1;
    }),
    { numRuns: 500 },
  );
  // Else the two would never have been compared.
  expect(Math.min(seen.plain, seen.book, seen.verified)).toBeGreaterThan(10);
});

test('what was changed afterwards is refused, or read, the same way as by the book', async () => {
  await fc.assert(
    fc.asyncProperty(
      signedRequests,
      fc.array(changes, { minLength: 1, maxLength: 2 }),
      async (making, all) => {
        const request = await making;
        const headers: Record<string, string | string[] | undefined> = { ...request.headers };
        for (const { header, at, removed, added } of all) {
          const value = String(headers[header]);
          const from = at % (value.length + 1);
          headers[header] = value.slice(0, from) + added + value.slice(from + removed);
        }
        await expectOneVerdict({ ...request, headers });
      },
    ),
    { numRuns: 1000 },
  );
});

test('the requests that installations send are of the plain kind', async () => {
  const { method, targetUri } = BASE;
  const own = {
    method,
    targetUri,
    body: Buffer.from('{}'),
    idempotencyKey: 'm1',
    now: 1_800_000_000_000,
    nonce: 'n1',
  };
  const headers = await signRequest(own, { keyId: 'k1', privateKey });
  expect(readPlainSignature({ method, targetUri, headers })).not.toBeNull();
});

test.each([
  ['a nonce twice', 'sig=("@method");created=1;nonce="a";nonce="b";keyid="k1"'],
  ['a component twice', 'sig=("@method" "@method");created=1;keyid="k1"'],
  ['a component with a parameter', 'sig=("@method";req);created=1;keyid="k1"'],
  ['no key', 'sig=("@method");created=1'],
  ['another algorithm', 'sig=("@method");created=1;keyid="k1";alg="hmac-sha256"'],
  ['a time with a nought in front', 'sig=("@method");created=01;keyid="k1"'],
  ['a time as a text', 'sig=("@method");created="1";keyid="k1"'],
  ['a header that is not there', 'sig=("@method" "date");created=1;keyid="k1"'],
  ['two signatures', 'sig=("@method");created=1;keyid="k1", b=("@method");keyid="k1"'],
  ['another label than the signature', 'other=("@method");created=1;keyid="k1"'],
  ['what an object has by itself', 'sig=("@method" "constructor");created=1;keyid="k1"'],
])('%s is left to the book', (_, input) => {
  const signature = `sig=:${Buffer.alloc(64).toString('base64')}:`;
  const headers = { ...BASE.headers, 'x-twice': 'one', 'signature-input': input, signature };
  expect(readPlainSignature({ ...BASE, headers })).toBeNull();
});

test.each([
  ['plain', { ...BASE, headers: { ...BASE.headers, ...headersOf('sig=("@method");keyid="k1"') } }],
  [
    'of another kind',
    { ...BASE, headers: { ...BASE.headers, ...headersOf('sig=("@method");keyid="k1";tag="a"') } },
  ],
])('where keys cannot be looked up, a signature that is %s is not called wrong', async (_, request) => {
  const broken = () => Promise.reject(new Error('the disk does not answer'));
  await expect(verifyRequest(request as unknown as SignableRequest, broken)).rejects.toThrow('the disk');
});

function headersOf(input: string) {
  return { 'signature-input': input, signature: `sig=:${Buffer.alloc(64).toString('base64')}:` };
}
