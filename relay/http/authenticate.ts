import { createPublicKey, type KeyObject } from 'node:crypto';
import { contentDigestFault, verifyRequest, type Verification } from '../../mail/relay-signature.ts';
import { MAX_CLOCK_SKEW_SECONDS } from '../../shared/contract/relay-api.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { Installation, RelayStore } from '../store/relay-store.ts';
import type { Nonces } from './nonces.ts';
import { refuse, type Reply } from './problem.ts';

/** A request as it came, before anything of it is believed. */
export interface IncomingRequest {
  readonly method: string;
  /** The addresses it may have been signed for, the likeliest first. */
  readonly targetUris: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came over the wire. */
  readonly body: Buffer;
}

export type Authentication =
  | { readonly ok: true; readonly installation: Installation }
  | { readonly ok: false; readonly refusal: Reply };

export type Authenticate = (request: IncomingRequest) => Promise<Authentication>;

export interface AuthenticateOptions {
  readonly store: Pick<RelayStore, 'keyOf'>;
  readonly nonces: Nonces;
  readonly clock: Clock;
}

/** Longest nonce that is remembered, in characters. */
const MAX_NONCE = 128;
/** Keys that were read lately; reading one takes as long as verifying with it. */
const MOST_KEYS = 10_000;

/**
 * Finds out which installation a request is from: one ed25519 signature (RFC 9421) over method, target, the digest of
 * the body and the idempotency key, made within five minutes of now, with a nonce never used before.
 */
export function createAuthenticate({ store, nonces, clock }: AuthenticateOptions): Authenticate {
  const keys = new Map<string, KeyObject>();

  const keyFrom = (publicKey: string): KeyObject => {
    const known = keys.get(publicKey);
    if (known !== undefined) return known;
    if (keys.size >= MOST_KEYS) keys.clear();
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    keys.set(publicKey, key);
    return key;
  };

  return async ({ method, targetUris, headers, body }) => {
    const now = clock.now();
    const refused = (reason: string): Authentication => ({
      ok: false,
      refusal: refuse('signature_invalid', `The request was refused: ${reason}.`, {
        serverTime: new Date(now).toISOString(),
      }),
    });

    const digest = headers['content-digest'];
    if (body.length > 0 || method === 'POST') {
      if (typeof digest !== 'string') return refused('it bears no Content-Digest');
      const fault = contentDigestFault(digest, body);
      if (fault !== null) return refused(fault);
    }

    let found: Installation | null = null;
    const keyOf = async (keyId: string) => {
      const enrolled = await store.keyOf(keyId);
      found = enrolled?.installation ?? null;
      return enrolled === null ? null : keyFrom(enrolled.publicKey);
    };
    let verification: Verification = { ok: false, reason: 'its address is not known' };
    for (const targetUri of targetUris) {
      verification = await verifyRequest({ method, targetUri, headers }, keyOf);
      if (verification.ok) break;
    }
    if (!verification.ok) return refused(verification.reason);
    const installation = found as Installation | null;
    const { keyId, created, expires, nonce, covered } = verification.signature;
    if (installation === null || keyId === null) return refused('its key is not known or no longer valid');

    const needed = ['@method', '@target-uri'];
    if (digest !== undefined) needed.push('content-digest');
    if (headers['idempotency-key'] !== undefined) needed.push('idempotency-key');
    const missing = needed.filter((name) => !covered.includes(name));
    if (missing.length > 0) return refused(`its signature does not cover ${missing.join(', ')}`);
    if (created === null || expires === null || nonce === null) {
      return refused('its signature lacks one of created, expires and nonce');
    }
    if (nonce === '' || nonce.length > MAX_NONCE)
      return refused(`its nonce must have 1 to ${MAX_NONCE} characters`);

    const offBy = Math.abs(now / 1000 - created);
    if (offBy > MAX_CLOCK_SKEW_SECONDS) return { ok: false, refusal: clockSkew(created, now) };
    if (expires < created) return refused('its signature expires before it was made');
    if (expires < now / 1000) return refused('its signature has expired');
    if (!nonces.use(keyId, nonce, now)) return refused('its nonce was used before; sign each try anew');
    return { ok: true, installation };
  };
}

function clockSkew(created: number, now: number): Reply {
  const serverTime = new Date(now).toISOString();
  const minutes = Math.round(Math.abs(now / 1000 - created) / 60);
  const way = created * 1000 < now ? 'behind' : 'ahead';
  return refuse(
    'clock_skew',
    `The request was signed ${minutes} min ${way} of the service's clock, which shows ${serverTime}. Set the clock of the computer.`,
    { serverTime },
  );
}
