import type { Lease } from '../../../mail/lease.ts';
import { troubleOf } from '../../../mail/smtp-trouble.ts';
import { type ErrorCode, isErrorCode } from '../../../shared/errors.ts';
import type { Attempt } from '../../../shared/model/delivery.ts';
import type { Message, RouteChoice } from '../../../shared/model/message.ts';

/** What a delivery says about the way it went. `failed` is the way's fault, not that of a message or a recipient. */
export type PathOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly reply: string | null }
  | { readonly kind: 'no-news' };

const NO_NEWS: PathOutcome = { kind: 'no-news' };

/** So many deliveries that failed in a row, and the way counts as dead (DEFAULTS, path notice). */
export const DEAD_AFTER_FAILURES = 3;
/** Mail waits for servers known to be down instead of trying them: so long is what three tries by schedule would take. */
export const DEAD_AFTER_WAITING_MS = 3 * 60_000;

/** By this source, mail about a dead path is told apart: it must not raise more of itself (promise I12). */
export const PATH_NOTICE_SOURCE = { type: 'system', name: 'Mail path' } as const;

/** What a recorded delivery says about a way out. Pure. */
export function pathOutcome(route: RouteChoice, lease: Lease, attempts: readonly Attempt[]): PathOutcome {
  const own = attempts.filter((attempt) => attempt.route === route && attempt.outcomes.length > 0);
  if (own.some(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'accepted')))
    return { kind: 'accepted' };
  if (isPathNotice(lease.message)) return NO_NEWS;
  const faults = own.map((attempt) => (route === 'smtp' ? serverFault(attempt) : serviceFault(attempt)));
  const last = faults.at(-1) ?? null;
  if (last === null || faults.includes(null)) return NO_NEWS;
  return { kind: 'failed', code: last, reply: own.at(-1)?.reply ?? null };
}

/** Whether a mail went by the Web Service because no server could be asked: one more that SMTP did not carry. */
export function wentRoundServers({ submission, message }: Lease): boolean {
  return submission?.cause === 'down' && submission.unsureSince === null && !isPathNotice(message);
}

/** The code of a fault of the servers; null where the message or its recipients are why it failed, or may be. */
function serverFault({ stage, outcomes }: Attempt): ErrorCode | null {
  const isFault = outcomes.every((outcome) => {
    switch (troubleOf(outcome, stage)) {
      case 'unreachable':
      case 'unknown':
        return true;
      case 'temporary':
        return stage === 'sender' || stage === 'data';
      case 'refused':
        return outcome.code === 'smtp_sender_rejected' || outcome.code === 'smtp_relaying_denied';
      case 'no-such-recipient':
      case null:
        return false;
    }
  });
  return isFault ? codeOf(outcomes[0]?.code, 'smtp_connection_timeout') : null;
}

/** A quota passes by itself within the hour, and what is refused for good is refused for what it is. */
function serviceFault({ outcomes }: Attempt): ErrorCode | null {
  const isFault = outcomes.every(
    ({ verdict, code }) =>
      (verdict === 'retry' || verdict === 'unknown') && code !== 'relay_refused_quota_exceeded',
  );
  return isFault ? codeOf(outcomes[0]?.code, 'relay_unreachable') : null;
}

function codeOf(code: ErrorCode | null | undefined, otherwise: ErrorCode): ErrorCode {
  return typeof code === 'string' && isErrorCode(code) ? code : otherwise;
}

function isPathNotice({ source }: Pick<Message, 'source'>): boolean {
  return source.type === PATH_NOTICE_SOURCE.type && source.name === PATH_NOTICE_SOURCE.name;
}
