import type { ErrorCode } from '../shared/errors.ts';
import type { ServerName } from '../shared/model/delivery.ts';
import type { Attachment, Message, MessageKind } from '../shared/model/message.ts';
import type { FallbackCause } from './fallback-policy.ts';

/** What a message is to be handed to the Web Service for, as a fallback. */
export interface Submission {
  /**
   * The Idempotency-Key: the message's id for its first set of recipients, `id.2`, `id.3` … for later ones. It never
   * goes with other recipients than these.
   */
  readonly key: string;
  readonly cause: FallbackCause;
  /** Why it goes this way, as the log has it. */
  readonly reason: string;
  /** Since when the service may have it without our knowing, on the wall clock; null where it has not been asked yet. */
  readonly unsureSince: number | null;
}

/** A message that is this worker's alone until it settles it, or the lease runs out. */
export interface Lease {
  readonly message: Message;
  /** Those whose turn it is. */
  readonly recipients: readonly string[];
  /** Tries made for one of them so far, at most. */
  readonly tries: number;
  readonly pinnedServer: ServerName | null;
  readonly attachments: readonly Attachment[];
  /** Null where it goes by its own route; else these recipients go by the Web Service, and by nothing else. */
  readonly submission: Submission | null;
}

/** What can be known of a message before it is leased. */
export interface Candidate {
  readonly kind: MessageKind;
  readonly hasAttachments: boolean;
  /** Whether a set of its recipients is with the Web Service, and may be accepted there. */
  readonly isSubmitted: boolean;
}

/** Whether a message may be sent now, by the only server that may have it, its id and what else is known. */
export type MaySend = (pinnedServer: ServerName | null, id: string, candidate: Candidate) => boolean;

/** A recipient who will get no further try. */
export interface FinalFailure {
  readonly message: Message;
  readonly address: string;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
}
