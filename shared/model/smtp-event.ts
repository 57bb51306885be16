import { type ErrorCode, errorSentence } from '../errors.ts';
import type { AttemptRoute, ServerName, Stage } from './delivery.ts';

/** What can happen to mail on its way that rules of the administrator's act on (row E2). */
export const SMTP_EVENT_TYPES = [
  'connection-failed',
  'delivery-failed',
  'final-delivery-failed',
  'pop-login-failed',
] as const;

export type SmtpEventType = (typeof SMTP_EVENT_TYPES)[number];

/** What each event is called in mails and on pages. */
export const SMTP_EVENT_TITLES: Readonly<Record<SmtpEventType, string>> = {
  'connection-failed': 'SMTP Connection Failed',
  'delivery-failed': 'SMTP Delivery Failed',
  'final-delivery-failed': 'SMTP Final Delivery Failed',
  'pop-login-failed': 'POP Login Failed',
};

/** One such event. What it has no say in is null or empty, and meets no condition that asks for it. */
export interface SmtpEvent {
  readonly type: SmtpEventType;
  /** Wall-clock time at which it was written down. */
  readonly at: number;
  /** The way the mail went; `mailbox` where mail was to be read, not sent. */
  readonly route: AttemptRoute | 'mailbox';
  readonly server: ServerName | null;
  readonly requiresAuthentication: boolean | null;
  /** The address mail leaves from; of a mailbox, its user. */
  readonly emailAddress: string | null;
  /** The mail's name in the delivery log, and its subject. */
  readonly messageId: string | null;
  readonly subject: string | null;
  /** Those of its recipients whom this concerns. */
  readonly recipients: readonly string[];
  readonly stage: Stage | null;
  readonly code: ErrorCode | null;
  /** The server's own words, if it said any. */
  readonly reply: string | null;
}

/** What became of one action of one rule. */
export interface EventActionRecord {
  readonly rule: string;
  readonly type: string;
  /** `queued`: is to be done (again). */
  readonly status: 'queued' | 'done' | 'failed';
  readonly tries: number;
  /** Wall-clock time; null while queued. */
  readonly settledAt: number | null;
  /** In words, what the last try came to; null before the first. */
  readonly outcome: string | null;
  /** Events before this one that the same action was due for and kept silent about. */
  readonly suppressed: number;
}

/** An event with what was done about it. */
export interface SmtpEventRecord {
  readonly id: number;
  readonly event: SmtpEvent;
  readonly actions: readonly EventActionRecord[];
}

/** What one action came to when its rule was tried. */
export interface TriedAction {
  readonly type: string;
  readonly outcome: 'done' | 'failed';
  /** In words. */
  readonly text: string;
  /** The mails it put into the outbox, as the delivery log names them. */
  readonly messageIds: readonly string[];
}

/** A rule tried on a made-up event that it is about: each action was done once, and what left says that it is a test. */
export interface RuleTrial {
  readonly event: SmtpEvent;
  /** What the event says, for people. */
  readonly sentence: string;
  /** False: at this time of the day and week the rule would do nothing. */
  readonly actsNow: boolean;
  readonly actions: readonly TriedAction[];
}

/** What happened, in a sentence for people. */
export function eventSentence(event: SmtpEvent): string {
  const [first = '', ...others] = event.recipients;
  const recipient = others.length === 0 ? first : `${first} and ${others.length} more`;
  const server = event.server === null ? '' : `${event.server.host}:${event.server.port}`;
  if (event.code === null) return `${SMTP_EVENT_TITLES[event.type]}.`;
  return errorSentence(event.code, {
    ...(server === '' ? {} : { server }),
    ...(recipient === '' ? {} : { recipient }),
  });
}
