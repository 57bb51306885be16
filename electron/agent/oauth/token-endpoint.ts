import { z } from 'zod';
import { systemWords } from '../../../mail/system-words.ts';
import { cleanReply } from '../../../mail/smtp-reply.ts';
import { parseBoundedJson } from '../../../shared/bounded-json.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { createHttp, EXCHANGE_LIMITS, type ExchangeLimits } from '../dispatch/relay/http-exchange.ts';

export interface EndpointParts {
  readonly clock: Clock;
  /** A private authority's certificate in PEM, trusted besides the usual ones; null for none. */
  readonly ca: string | null;
  /** Other figures than the usual ones, in milliseconds; tests have other time. */
  readonly limits?: ExchangeLimits;
}

/** What an endpoint of a sign-in service came to. */
export type EndpointAnswer =
  | { readonly kind: 'answered'; readonly body: unknown }
  /** It says no (RFC 6749 5.2): `error` is its code, `description` its own words, if it has any. */
  | { readonly kind: 'refused'; readonly error: string; readonly description: string | null }
  /** Nobody said anything that is to be relied on. `why` goes into a sentence. */
  | { readonly kind: 'unreachable'; readonly why: string; readonly retryAfterMs: number | null };

/** Codes are short; RFC 6749 5.2 has them in printable ASCII. */
const refusal = z.object({
  error: z.string().regex(/^[\x20-\x7e]{1,100}$/),
  error_description: z.string().optional(),
});

/** Tokens of an hour, and what renews them. Some services write numbers as text. */
const tokens = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().max(31_536_000).optional(),
  refresh_token: z
    .string()
    .regex(/^[\x21-\x7e]{1,16384}$/)
    .optional(),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});

export type Tokens = z.infer<typeof tokens>;

/** RFC 6749 5.2 calls for these codes with 400; a service that is out of order may say them with any status. */
const TEMPORARY: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error']);

/** Posts a form, as RFC 6749 and 8628 have it, on a connection of its own. Never rejects. */
export async function postForm(
  address: string,
  form: Readonly<Record<string, string>>,
  { clock, ca, limits = EXCHANGE_LIMITS }: EndpointParts,
): Promise<EndpointAnswer> {
  const url = new URL(address);
  const http = createHttp(url, ca, clock, limits);
  try {
    const reply = await http.exchange({
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Tocsin',
      },
      body: Buffer.from(new URLSearchParams(form).toString(), 'utf8'),
    });
    if (reply.kind === 'failed') {
      return { kind: 'unreachable', why: `${url.host}: ${systemWords(reply.nodeCode)}`, retryAfterMs: null };
    }
    return answerOf(url.host, reply, Object.values(form));
  } finally {
    http.close();
  }
}

function answerOf(
  host: string,
  { status, text, retryAfter }: { status: number; text: string; retryAfter: string | null },
  secrets: readonly string[],
): EndpointAnswer {
  const body = jsonOf(text);
  const refused = refusal.safeParse(body);
  const isBusy = status === 429 || status >= 500;
  if (refused.success && !isBusy && !TEMPORARY.has(refused.data.error)) {
    const { error, error_description: words } = refused.data;
    return { kind: 'refused', error, description: words === undefined ? null : firstLine(words, secrets) };
  }
  const isYes = status >= 200 && status < 300;
  // Some have nothing to say but yes (RFC 7009 2.2).
  if (isYes && (text.trim() === '' || (typeof body === 'object' && body !== null)))
    return { kind: 'answered', body };
  const seconds = /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
  const why = isYes ? `${host}: what answers there is no sign-in service` : `${host}: it answered ${status}`;
  return { kind: 'unreachable', why, retryAfterMs: seconds === null ? null : seconds * 1000 };
}

function jsonOf(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return null;
  }
}

/** Microsoft adds lines of trace ids and times; what it means stands in the first. Nothing that was sent is repeated. */
function firstLine(words: string, secrets: readonly string[]): string {
  const long = secrets.filter((secret) => secret.length > 16);
  return cleanReply(
    words
      .split(/[\r\n]/, 1)
      .join('')
      .slice(0, 300),
    long,
  );
}

/** The tokens in an answer; null where there are none, or of a kind that cannot be used. */
export function tokensOf(body: unknown): Tokens | null {
  const read = tokens.safeParse(body);
  if (!read.success) return null;
  const { token_type: type } = read.data;
  return type === undefined || type.toLowerCase() === 'bearer' ? read.data : null;
}

const idClaims = z.object({
  preferred_username: z.string().max(320).optional(),
  email: z.string().max(320).optional(),
});

/**
 * Who has signed in, as the id token says; null where nobody does. Its signature is not looked at: it came from the token
 * endpoint itself over TLS (OpenID Connect Core 3.1.3.7), and decides nothing.
 */
export function accountOf({ id_token: idToken }: Tokens): string | null {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) return null;
  const read = idClaims.safeParse(jsonOf(Buffer.from(payload, 'base64url').toString('utf8')));
  const name = read.success ? (read.data.preferred_username ?? read.data.email ?? '') : '';
  const clean = cleanReply(name);
  return clean === '' ? null : clean;
}
