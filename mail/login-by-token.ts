import type { Clock } from '../shared/model/clock.ts';
import type { TokenAnswer, TokenFailure } from './access-token.ts';
import { withDeadline } from './deadline.ts';
import type { OpenFailure } from './open-session.ts';
import { cleanReply } from './smtp-reply.ts';
import type { SmtpAuth } from './smtp-server-options.ts';
import type { SmtpWire } from './smtp-wire.ts';
import {
  challengeText,
  noTokenLogin,
  tokenMechanism,
  tokenRefusal,
  tokenResponse,
} from './token-mechanism.ts';
import type { WireFailure } from './wire-failure.ts';

export type TokenAuth = Extract<SmtpAuth, { method: 'oauth2' }>;

export interface TokenLoginContext {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** For each step: to have a token, and to have an answer to it. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Told what the server is about to be told in confidence. */
  readonly onSecrets: (secrets: readonly string[]) => void;
  /** What a step that went wrong means. */
  readonly judged: (failure: WireFailure) => OpenFailure;
}

export type TokenLogin =
  | { readonly failure: OpenFailure }
  | { readonly detail: string; readonly reply: string | null };

interface Refused {
  readonly token: string;
  readonly failure: OpenFailure;
}

/** There is no token: nothing is asked of the server. */
export function noToken({ code, detail, words, pauses }: TokenFailure): OpenFailure {
  return { stage: 'auth', code, reply: null, detail, words, pauses };
}

/** A token that no server has said anything about. */
const NOT_TAKEN = {
  stage: 'auth',
  code: 'smtp_auth_failed',
  reply: null,
  detail: null,
  pauses: true,
} as const;

/**
 * Logs in by a token (XOAUTH2, or OAUTHBEARER of RFC 7628). One that is refused is replaced once: it may have been
 * withdrawn before its time. Never rejects.
 */
export async function loginByToken(
  wire: SmtpWire,
  { user, tokens }: TokenAuth,
  context: TokenLoginContext,
): Promise<TokenLogin> {
  const { host, port, clock, limitMs, signal } = context;
  const mechanism = tokenMechanism(wire.lastReply);
  if (mechanism === null) {
    const words = noTokenLogin(host);
    const detail = `${words.sentence} None was sent.`;
    const code = 'smtp_auth_method_disabled';
    return { failure: { stage: 'auth', code, reply: null, detail, words, pauses: true } };
  }
  let refused: Refused | null = null;
  for (;;) {
    const asking: Promise<TokenAnswer> = tokens.get(refused?.token ?? null);
    const asked = await withDeadline(clock, limitMs, signal, asking);
    if ('ended' in asked)
      return { failure: context.judged({ kind: 'timeout', reply: null, nodeCode: null }) };
    const answer: TokenAnswer = asked.done;
    if ('failure' in answer) return { failure: noToken(answer.failure) };
    if ('refusedForGood' in answer) return { failure: refused?.failure ?? NOT_TAKEN };
    const { token } = answer;
    const response = tokenResponse(mechanism, { user, token, host, port });
    const secrets = [response, token];
    context.onSecrets(secrets);
    let words: string | null = null;
    let challenge: string | null = null;
    wire.onReply = (reply) => {
      challenge ??= challengeText(reply, secrets);
      words = cleanReply(reply, secrets);
    };
    wire.onCommand = () => wire.arm(limitMs);
    const failure = await wire.loginByToken(limitMs, mechanism, response);
    if (failure === null) return { detail: `logged in as ${user} by OAuth 2.0 (${mechanism})`, reply: words };
    // A server that closes the connection on a refusal is offered the other token by the next one.
    if (refused !== null && failure.reply === null) return { failure: { ...refused.failure, pauses: false } };
    const judged = context.judged(failure);
    const said = tokenRefusal(judged.code, host, user);
    const told: OpenFailure = { ...judged, detail: challenge, ...(said === null ? {} : { words: said }) };
    // What is no refusal, or is one of a second token, is not mended by another.
    if (refused !== null || judged.code !== 'smtp_auth_failed') return { failure: told };
    refused = { token, failure: told };
  }
}
