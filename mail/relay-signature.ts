import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { readPlainSignature } from './plain-signature.ts';

/** The parts of a request that a signature can cover. Header names are in lower case. */
export interface SignableRequest {
  readonly method: string;
  /** The full address the request is meant for (RFC 9421 2.2.2). */
  readonly targetUri: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a signature said of itself, after it was found to be right. Times in seconds since the epoch. */
export interface VerifiedSignature {
  readonly keyId: string | null;
  readonly created: number | null;
  readonly expires: number | null;
  readonly nonce: string | null;
  /** The components it covers, each once, without parameters. */
  readonly covered: readonly string[];
}

export type Verification =
  | { readonly ok: true; readonly signature: VerifiedSignature }
  /** Why not, in words for whoever wrote the client. */
  | { readonly ok: false; readonly reason: string };

const ALGORITHM = 'ed25519';
const UNKNOWN_KEY = 'its key is not known or no longer valid';
const DOES_NOT_FIT = 'the signature does not fit the request; something it covers was altered';

/**
 * Verifies the one signature of a request (RFC 9421 3.2) with ed25519 (3.3.6). Several signatures, components with
 * parameters, and repeated components (2) are refused. What the times and the nonce are worth is for the caller to
 * judge. `keyOf` gives the public key of a key id, or null where that is not known; what it throws is thrown on.
 */
export async function verifyRequest(
  request: SignableRequest,
  keyOf: (keyId: string) => Promise<KeyObject | null> | KeyObject | null,
): Promise<Verification> {
  if (request.headers['signature'] === undefined || request.headers['signature-input'] === undefined) {
    return { ok: false, reason: 'the request bears no signature (Signature-Input, Signature)' };
  }
  const plain = readPlainSignature(request);
  if (plain === null) return verifyByTheBook(request, keyOf);
  const { base, signature, ...said } = plain;
  const key = await keyOf(plain.keyId);
  if (key === null) return { ok: false, reason: UNKNOWN_KEY };
  try {
    if (!(await verifyInBackground(base, key, signature))) return { ok: false, reason: DOES_NOT_FIT };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'it cannot be read' };
  }
  return { ok: true, signature: said };
}

/** The same by reading structured fields, for whatever else RFC 9421 lets a client write. */
export async function verifyByTheBook(
  request: SignableRequest,
  keyOf: (keyId: string) => Promise<KeyObject | null> | KeyObject | null,
): Promise<Verification> {
  const covered: string[] = [];
  let parameters: Readonly<Record<string, unknown>> = {};
  let reason: string | null = null;
  let signatures = 0;
  let isLookUpBroken = false;
  const lookUp = async (keyId: string) => {
    try {
      return await keyOf(keyId);
    } catch (error) {
      isLookUpBroken = true;
      throw error;
    }
  };
  try {
    const verified = await httpbis.verifyMessage(
      {
        // The library compares times with the clock of the computer; here they are handed on, and judged by the caller.
        notAfter: Number.MAX_SAFE_INTEGER,
        tolerance: Number.MAX_SAFE_INTEGER,
        async keyLookup(given) {
          signatures += 1;
          parameters = given;
          const key = typeof given.keyid === 'string' ? await lookUp(given.keyid) : null;
          if (key === null) reason = UNKNOWN_KEY;
          if (key === null || signatures > 1) return null;
          return {
            id: String(given.keyid),
            algs: [ALGORITHM],
            verify: (data, signature) => verifyInBackground(data, key, signature),
          };
        },
        componentParser(name, fieldParameters) {
          if (covered.includes(name)) reason = `it covers “${name}” twice`;
          if (fieldParameters.size > 0) reason = `it covers “${name}” with parameters`;
          covered.push(name);
          return name === '@target-uri' ? [request.targetUri] : null;
        },
      },
      {
        method: request.method,
        url: request.targetUri,
        headers: presentHeaders(request.headers),
      },
    );
    if (signatures > 1) return { ok: false, reason: 'it bears more than one signature' };
    if (verified !== true || reason !== null) {
      return { ok: false, reason: reason ?? DOES_NOT_FIT };
    }
  } catch (error) {
    // That nothing could be looked up is not the request's fault.
    if (isLookUpBroken) throw error;
    return { ok: false, reason: reason ?? (error instanceof Error ? error.message : 'it cannot be read') };
  }
  return {
    ok: true,
    signature: {
      keyId: textOrNull(parameters['keyid']),
      created: secondsOrNull(parameters['created']),
      expires: secondsOrNull(parameters['expires']),
      nonce: textOrNull(parameters['nonce']),
      covered,
    },
  };
}

function presentHeaders(headers: SignableRequest['headers']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** On one of Node's background threads: a verification takes 0.14 ms, a third of all that a request costs. */
function verifyInBackground(data: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, data, key, signature, (error, right) => (error ? reject(error) : resolve(right)));
  });
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function secondsOrNull(value: unknown): number | null {
  if (value instanceof Date) return value.getTime() / 1000;
  return typeof value === 'number' ? value : null;
}

export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

export interface RequestToSign {
  readonly method: string;
  readonly targetUri: string;
  /** The bytes that are sent, after any compression; null for none. */
  readonly body: Buffer | null;
  readonly idempotencyKey: string | null;
  /** Wall-clock time in milliseconds, as the service counts it. */
  readonly now: number;
  /** Never used before with this key. */
  readonly nonce: string;
}

/** How long a signature may be used, in seconds: as long as clocks may differ, so that a slow clock is no fault by itself. */
const LIFETIME_SECONDS = 300;

/** The headers that make a request the installation's own: Content-Digest, Idempotency-Key and the signature. */
export async function signRequest(
  request: RequestToSign,
  { keyId, privateKey }: SigningKey,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    ...(request.body === null ? {} : { 'content-digest': contentDigest(request.body) }),
    ...(request.idempotencyKey === null ? {} : { 'idempotency-key': request.idempotencyKey }),
  };
  const created = new Date(Math.floor(request.now / 1000) * 1000);
  const signed = await httpbis.signMessage(
    {
      key: { id: keyId, alg: ALGORITHM, sign: async (data) => sign(null, data, privateKey) },
      name: 'tocsin',
      fields: ['@method', '@target-uri', ...Object.keys(headers)],
      params: ['created', 'expires', 'nonce', 'keyid', 'alg'],
      paramValues: {
        created,
        expires: new Date(created.getTime() + LIFETIME_SECONDS * 1000),
        nonce: request.nonce,
        keyid: keyId,
        alg: ALGORITHM,
      },
    },
    { method: request.method, url: request.targetUri, headers },
  );
  return Object.fromEntries(
    Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** RFC 9530 2: the digest of the content as it is sent. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${hash('sha256', body, 'base64')}:`;
}

/** Says what is wrong with a Content-Digest header (RFC 9530 2) for these bytes, or null. SHA-256 and SHA-512 count. */
export function contentDigestFault(header: string, body: Buffer): string | null {
  let known = 0;
  for (const member of header.split(',')) {
    const parts = /^\s*(sha-256|sha-512)\s*=\s*:([A-Za-z0-9+/]+={0,2}):\s*$/.exec(member);
    if (parts === null) continue;
    known += 1;
    const digest = hash(parts[1] === 'sha-512' ? 'sha512' : 'sha256', body, 'base64');
    if (digest !== parts[2]) return 'the content does not fit its Content-Digest; it was altered on the way';
  }
  return known > 0 ? null : 'its Content-Digest holds neither sha-256 nor sha-512';
}

/**
 * Reads an ed25519 public key (RFC 8032): a JWK (RFC 8037 2) as object or JSON text, PEM or base64 of a
 * SubjectPublicKeyInfo (RFC 8410 4), or the 32 bytes themselves in base64 or base64url. Null for anything else.
 */
export function readPublicKey(given: unknown): KeyObject | null {
  try {
    const key = keyFrom(given);
    return key?.asymmetricKeyType === 'ed25519' && key.type === 'public' ? key : null;
  } catch {
    return null;
  }
}

function keyFrom(given: unknown): KeyObject | null {
  if (typeof given === 'object' && given !== null) {
    const { kty, crv, x, d } = given as Readonly<Record<string, unknown>>;
    // A private key was sent by mistake: it must not be kept, and the installation must know.
    if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || d !== undefined) return null;
    return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  }
  if (typeof given !== 'string') return null;
  const text = given.trim();
  if (text.startsWith('{')) return keyFrom(JSON.parse(text));
  if (text.startsWith('-----BEGIN PUBLIC KEY-----')) return createPublicKey(text);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 32) return keyFrom({ kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') });
  return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
}

/** A public key as it is kept and sent: the 32 bytes in base64url. Only for ed25519 keys. */
export function publicKeyText(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x ?? '';
}
