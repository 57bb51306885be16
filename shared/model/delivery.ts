import type { ErrorCode } from '../errors.ts';
import type { Message, MessageSource, RouteChoice } from './message.ts';

/**
 * What is known about one recipient of one message. `queued`: will be tried (again). `accepted`: a server took
 * responsibility for it; that is not proof of arrival. `failed`: given up, for good.
 */
export type RecipientStatus = 'queued' | 'accepted' | 'failed';

/** What one attempt meant for one recipient. `unknown`: the reply to the final dot was lost. */
export type Verdict = 'accepted' | 'retry' | 'rejected' | 'unknown';

/** Where an attempt ended: the last stage it entered. */
export type Stage =
  | 'route'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'greeting'
  | 'auth'
  | 'sender'
  | 'recipient'
  | 'data'
  | 'accepted';

/** The way an attempt went. */
export type AttemptRoute = RouteChoice | 'practice';

export interface ServerName {
  readonly host: string;
  readonly port: number;
  readonly security: 'none' | 'starttls' | 'tls';
}

export interface RecipientOutcome {
  readonly address: string;
  readonly verdict: Verdict;
  readonly code: ErrorCode | null;
  /** The server's own words, if it said any. */
  readonly reply: string | null;
}

/** One try at handing a message to one server, as it stands in the delivery log. */
export interface Attempt {
  readonly at: number;
  readonly durationMs: number;
  readonly route: AttemptRoute;
  /** Null where no server was involved, such as when none is set up. */
  readonly server: ServerName | null;
  readonly stage: Stage;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  /** Why this route and server, or why nothing was tried, in words. */
  readonly reason: string;
  readonly outcomes: readonly RecipientOutcome[];
}

/**
 * What became known after a server had accepted: `accepted`: the Web Service's mail server handed it on; `failed`,
 * `bounced`: it did not get there after all; `arrived`: it was seen in the mailbox.
 */
export type NewsState = 'accepted' | 'failed' | 'bounced' | 'arrived';

/** The latest of it, who said so, and in which words. */
export interface RecipientNews {
  readonly state: NewsState;
  readonly at: number;
  readonly source: 'relay' | 'bounce' | 'round-trip';
  readonly reply: string | null;
}

export interface RecipientState {
  readonly address: string;
  readonly status: RecipientStatus;
  readonly attempts: number;
  /** Wall-clock time of the next try; null unless queued. */
  readonly nextAttemptAt: number | null;
  /** When the status became final; null while queued. */
  readonly settledAt: number | null;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  /** What was heard of it later; null where nothing was. */
  readonly news: RecipientNews | null;
}

/** Whether a recipient has not got it for all that is known, though a server may have accepted it at first. */
export function isFailed({ status, news }: Pick<RecipientState, 'status' | 'news'>): boolean {
  return status === 'failed' || news?.state === 'failed' || news?.state === 'bounced';
}

/** One entry of the delivery log as a list shows it: without the mail's words and its attempts. */
export interface DeliverySummary {
  readonly id: string;
  readonly subject: string;
  readonly source: MessageSource;
  readonly createdAt: number;
  /** The way of the last attempt that reached for a server; where there was none yet, the way it is to go. */
  readonly route: AttemptRoute;
  /** That server; null where there was no such attempt, or it was the practice mailbox. */
  readonly server: ServerName | null;
  readonly recipients: readonly RecipientState[];
}

/** A message with everything that happened to it: one entry of the delivery log. */
export interface DeliveryRecord {
  readonly message: Message;
  readonly recipients: readonly RecipientState[];
  readonly attempts: readonly Attempt[];
}

/** The newest message of one alert, report or file alert, and how many of its recipients fare how. */
export interface LatestMessage {
  /** Of what raised it. */
  readonly name: string;
  readonly id: string;
  /** Wall-clock time at which it was decided. */
  readonly at: number;
  readonly waiting: number;
  readonly accepted: number;
  /** Given up, or heard afterwards that it did not get there. */
  readonly failed: number;
}
