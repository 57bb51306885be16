import { systemWords } from '../../../../mail/system-words.ts';
import { parseBoundedJson } from '../../../../shared/bounded-json.ts';
import { problem, RELAY_REFUSALS, type RelayRefusalCode } from '../../../../shared/contract/relay-api.ts';
import type { ErrorCode } from '../../../../shared/errors.ts';
import type { Exchange, ExchangeStage, StageMark } from './http-exchange.ts';

/** What a call to the Web Service came to. */
export type RelayAnswer = (
  | { readonly kind: 'ok'; readonly status: number; readonly body: unknown }
  /** The service itself said no. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly refusal: RelayRefusalCode;
      readonly code: ErrorCode;
      /** The service's own words. */
      readonly detail: string;
      readonly retryAfterMs: number | null;
      readonly serverTime: number | null;
      readonly expiresAt: number | null;
    }
  /** Something answered that is not the service, or not as it should; from 500 on, it may stand before the service. */
  | { readonly kind: 'strange'; readonly status: number; readonly detail: string }
  | {
      readonly kind: 'unreachable';
      readonly stage: ExchangeStage;
      /** Why, in words. */
      readonly detail: string;
      /** Whether the service may have the request all the same. */
      readonly sent: boolean;
    }
) & { readonly marks: readonly StageMark[] };

/** Reads an exchange as the answer of a Web Service. `now`: wall-clock time, for a Retry-After that names a date. */
export function answerOf(exchange: Exchange, now: number): RelayAnswer {
  const { marks } = exchange;
  if (exchange.kind === 'failed') {
    const { stage, nodeCode, sent } = exchange;
    const detail =
      nodeCode === 'EMSGSIZE' ? 'the answer was longer than any of a Web Service' : systemWords(nodeCode);
    return { kind: 'unreachable', stage, detail, sent, marks };
  }
  const { status, text } = exchange;
  const body = jsonOf(text);
  if (status >= 200 && status < 300 && body !== undefined) return { kind: 'ok', status, body, marks };
  const parsed = problem.safeParse(body);
  const refusal = parsed.success ? parsed.data.code : '';
  if (!parsed.success || !isRefusal(refusal)) {
    return { kind: 'strange', status, detail: strangeWords(status), marks };
  }
  const { detail, serverTime, expiresAt } = parsed.data;
  return {
    kind: 'refused',
    status,
    refusal,
    code: `relay_refused_${refusal}`,
    detail: detail.slice(0, 1000),
    retryAfterMs: retryAfterMs(exchange.retryAfter, now),
    serverTime: serverTime === undefined ? null : Date.parse(serverTime),
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    marks,
  };
}

function isRefusal(code: string): code is RelayRefusalCode {
  return Object.hasOwn(RELAY_REFUSALS, code);
}

function jsonOf(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}

function strangeWords(status: number): string {
  if (status >= 300 && status < 400) {
    return `what answers there is no Web Service: it points elsewhere (HTTP ${status}), and Tocsin does not follow`;
  }
  if (status >= 500) return `what stands before the Web Service cannot reach it (HTTP ${status})`;
  return `what answers there is no Web Service (HTTP ${status})`;
}

/** Longer waits are looked at again after an hour: the service or its clock may be wrong. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** RFC 9110 10.2.3: seconds, or a date. Null where there is none, or nothing that can be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
