import { type ErrorCode, errorSentence } from '../shared/errors.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import { fallbackVerdict, neverLeaves } from './fallback-policy.ts';
import type { Candidate, Lease, Submission } from './lease.ts';
import type { Outlet } from './outlet.ts';
import { troublesOf, wasAnswered } from './smtp-trouble.ts';
import type { FallbackPlan } from './submissions.ts';

/** The Web Service as a way for what the mail servers do not take, as it is at this moment. */
export type FallbackRoute =
  /** `note`: what is to be said whenever it is used, such as that the subscription ends soon. */
  | { readonly outlet: Outlet; readonly note: string | null }
  /** It is not used; the reason in words, or null where there is nothing to say about it. */
  | { readonly outlet: null; readonly reason: string | null };

export interface FallbackOptions {
  readonly route: () => FallbackRoute;
  /** Whether an address belongs to the administrator, or to the installation's own domain (S5). */
  readonly isAdministrator: (address: string) => boolean;
}

/** What follows for a message from what its servers said. */
export interface FallbackDecision {
  /** Who goes by the Web Service, now or as soon as it can be reached; null where nobody does. */
  readonly plan: FallbackPlan | null;
  /** Whether it is handed over now. */
  readonly isNow: boolean;
  /** Why it is not, in words; null where there is nothing to say. */
  readonly why: string | null;
}

const NO_FALLBACK: FallbackDecision = { plan: null, isNow: false, why: null };

/** Decides about a message after its servers were asked. Nothing is changed by it. */
export function decideFallback(
  options: FallbackOptions,
  lease: Lease,
  attempts: readonly Attempt[],
  ageMs: number,
): FallbackDecision {
  const { message, recipients } = lease;
  const troubles = troublesOf(attempts);
  if (troubles.size === 0) return NO_FALLBACK;
  const answered = wasAnswered(attempts);
  const verdict = fallbackVerdict({
    kind: message.kind,
    hasAttachments: message.attachments.length > 0,
    // The server that might have it has spoken since.
    isPinned: lease.pinnedServer !== null && !answered,
    administratorsOnly: message.recipients.every(options.isAdministrator),
    wasAnswered: answered,
    troubles,
    tries: lease.tries + 1,
    ageMs,
  });
  const route = options.route();
  if (route.outlet === null) return { ...NO_FALLBACK, why: route.reason };
  if (!verdict.goes) return { ...NO_FALLBACK, why: verdict.why };
  const plan = {
    recipients: recipients.filter((address) => verdict.recipients.includes(address)),
    cause: verdict.cause,
    reason: withNote(`fallback: ${lastTrouble(attempts)}`, route.note),
    refused: recipients.filter((address) => isRefused(address, attempts)),
  };
  if (route.outlet.available(null)) return { plan, isNow: true, why: null };
  return { plan, isNow: false, why: 'it cannot be reached either' };
}

/** Whether a message may go by the Web Service while no server can be used, or why not. */
export function whileDown(
  options: FallbackOptions,
  candidate: Candidate,
  isPinned: boolean,
): { readonly goes: true } | { readonly goes: false; readonly why: string | null } {
  const route = options.route();
  if (route.outlet === null) return { goes: false, why: route.reason };
  if (neverLeaves(candidate)) return { goes: false, why: 'file alerts and attachments never leave by it' };
  if (isPinned) return { goes: false, why: 'a mail server may have it already' };
  if (!route.outlet.available(null)) return { goes: false, why: 'it cannot be reached either' };
  return { goes: true };
}

/** The plan for a message whose servers are all known to be down: no connection is tried for it. */
export function planWhileDown(options: FallbackOptions, lease: Lease, servers: Outlet): FallbackPlan {
  const route = options.route();
  const known = servers.health().map(({ server, state, since, code }) => {
    const label = `${server.host}:${server.port}`;
    const when = since === null ? '' : ` since ${new Date(since).toISOString()}`;
    return `${label} is ${state}${when}${code === null ? '' : ` (${inSentence(code, label)})`}`;
  });
  return {
    recipients: lease.recipients,
    cause: 'down',
    reason: withNote(`fallback: ${known.join(', ')}`, route.outlet === null ? null : route.note),
    refused: [],
  };
}

/** Why an attempt went by the Web Service, for the log; what the outlet has to say besides follows its own reason. */
export function submissionReason({ reason, unsureSince }: Submission, attempt: Attempt): string {
  const [, ...besides] = attempt.reason.split('; ');
  const again =
    unsureSince === null ? [] : ['asked again under the same key, because the service may have it already'];
  return [reason, ...again, ...besides].join('; ');
}

/** What a server refused for good is not over for those who have another way. */
export function withAnotherWay(
  attempts: readonly Attempt[],
  recipients: readonly string[],
): readonly Attempt[] {
  return attempts.map((attempt) => ({
    ...attempt,
    outcomes: attempt.outcomes.map((outcome) =>
      outcome.verdict === 'rejected' && recipients.includes(outcome.address)
        ? { ...outcome, verdict: 'retry' as const }
        : outcome,
    ),
  }));
}

/** Adds to the last attempt why the Web Service was not used. */
export function withWhyNot(attempts: readonly Attempt[], why: string): readonly Attempt[] {
  const last = attempts.at(-1);
  if (last === undefined) return attempts;
  return [...attempts.slice(0, -1), { ...last, reason: `${last.reason}; ${notByTheService(why)}` }];
}

export function notByTheService(why: string): string {
  return `not by the Web Service: ${why}`;
}

function withNote(reason: string, note: string | null): string {
  return note === null ? reason : `${reason}; ${note}`;
}

/** What the last server that did not take it for somebody had to say. */
function lastTrouble(attempts: readonly Attempt[]): string {
  const last = attempts.findLast(({ code }) => code !== null);
  if (!last?.code) return 'no mail server is set up';
  return inSentence(last.code, last.server === null ? null : `${last.server.host}:${last.server.port}`);
}

/** The words of a code as part of a longer sentence. */
function inSentence(code: ErrorCode, server: string | null): string {
  const sentence = errorSentence(code, server === null ? {} : { server }).replace(/\.$/, '');
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}

function isRefused(address: string, attempts: readonly Attempt[]): boolean {
  const last = attempts
    .findLast(({ outcomes }) => outcomes.some((outcome) => outcome.address === address))
    ?.outcomes.find((outcome) => outcome.address === address);
  return last?.verdict === 'rejected';
}
