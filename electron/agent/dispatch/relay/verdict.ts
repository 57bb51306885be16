import type { ErrorCode } from '../../../../shared/errors.ts';
import type { RelayRefusalCode } from '../../../../shared/contract/relay-api.ts';
import { messageReply } from '../../../../shared/contract/relay-api.ts';
import type { Stage, Verdict } from '../../../../shared/model/delivery.ts';
import type { RelayAnswer } from './answer.ts';

/** What an answer to a submission means for its recipients, all of them alike, and for the way. */
export interface SubmissionVerdict {
  readonly verdict: Verdict;
  readonly stage: Stage;
  readonly code: ErrorCode | null;
  /** The service's own words. */
  readonly reply: string | null;
  /** What else there is to say in the log; null where the code says it all. */
  readonly besides: string | null;
  /** `down`: nothing more is given to the service until it answers; `paused`: until somebody has mended something. */
  readonly way: 'fine' | 'down' | 'paused';
}

/** Reads the answer to a submission. Pure. */
export function verdictOf(answer: RelayAnswer, key: string): SubmissionVerdict {
  switch (answer.kind) {
    case 'ok': {
      const parsed = messageReply.safeParse(answer.body);
      if (answer.status === 202 && parsed.success && parsed.data.id === key) return accepted(key);
      return unknown('its answer cannot be read', 'fine');
    }
    case 'refused': {
      const { code, detail } = answer;
      const [verdict, stage, way] = OF_REFUSAL[answer.refusal];
      return { verdict, stage, code, reply: detail, besides: null, way };
    }
    case 'strange':
      // What stands before the service cannot know whether it took the message before the connection to it was lost; and
      // who says 202 may have taken it, whatever is said besides.
      if (answer.status >= 500 || answer.status === 202) return unknown(answer.detail, 'down');
      return unreachable('data', answer.detail);
    case 'unreachable':
      if (answer.sent) return unknown(answer.detail, 'down');
      return unreachable(answer.stage === 'call' ? 'data' : answer.stage, answer.detail);
  }
}

function accepted(key: string): SubmissionVerdict {
  return {
    verdict: 'accepted',
    stage: 'accepted',
    code: null,
    reply: acceptedReply(key),
    besides: null,
    way: 'fine',
  };
}

function unknown(besides: string, way: SubmissionVerdict['way']): SubmissionVerdict {
  return { verdict: 'unknown', stage: 'data', code: 'relay_outcome_unknown', reply: null, besides, way };
}

function unreachable(stage: Stage, besides: string): SubmissionVerdict {
  return { verdict: 'retry', stage, code: 'relay_unreachable', reply: null, besides, way: 'down' };
}

/** What stands in the log for an acceptance. What the service is asked about later is read from it again. */
export function acceptedReply(key: string): string {
  return `202 Accepted as ${key}`;
}

/** The key of an acceptance, or null where the words are not of this kind. */
export function keyOfReply(reply: string | null): string | null {
  return /^202 Accepted as (\S+)$/.exec(reply ?? '')?.[1] ?? null;
}

const OF_REFUSAL: Readonly<Record<RelayRefusalCode, readonly [Verdict, Stage, SubmissionVerdict['way']]>> = {
  // Kept: the message is as it should be, and this computer has to be enrolled, or its clock set.
  signature_invalid: ['retry', 'auth', 'paused'],
  clock_skew: ['retry', 'auth', 'paused'],
  enrolment_refused: ['retry', 'auth', 'paused'],
  subscription_expired: ['retry', 'auth', 'paused'],
  // The message will never be taken as it is.
  attachments_not_relayed: ['rejected', 'data', 'fine'],
  invalid_message: ['rejected', 'data', 'fine'],
  too_large: ['rejected', 'data', 'fine'],
  idempotency_conflict: ['rejected', 'data', 'fine'],
  // This one has to wait; others may pass, because a quota is a recipient's as well.
  quota_exceeded: ['retry', 'data', 'fine'],
  not_ready: ['retry', 'data', 'down'],
  internal: ['retry', 'data', 'down'],
  not_found: ['retry', 'data', 'down'],
};
