import { type Problem, RELAY_REFUSALS, type RelayRefusalCode } from '../../shared/contract/relay-api.ts';

/** What a handler answers with. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The refusal, for logs and metrics; null where there is none. */
  readonly code: RelayRefusalCode | null;
}

export function reply(status: number, body: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body, code: null };
}

type Extras = Partial<Pick<Problem, 'faults' | 'serverTime' | 'expiresAt'>>;

/**
 * A refusal as problem details (RFC 9457 3). `detail` says what to do about this one; `retryAfterSeconds` becomes the
 * Retry-After header (RFC 9110 10.2.3).
 */
export function refuse(
  code: RelayRefusalCode,
  detail: string,
  extras: Extras = {},
  retryAfterSeconds: number | null = null,
): Reply {
  const { status, title } = RELAY_REFUSALS[code];
  const body: Problem = { type: `urn:tocsin:relay:${code}`, title, status, detail, code, ...extras };
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    // RFC 9110 15.5.2: a 401 names what would be accepted.
    ...(status === 401 ? { 'www-authenticate': 'Signature' } : {}),
    ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
  return { status, headers, body, code };
}
