import type { Severity } from './alert.ts';

/** `group`: several alerts in one mail. */
export type MessageKind =
  | 'alert'
  | 'resolved'
  | 'reminder'
  | 'group'
  | 'report'
  | 'file-alert'
  | 'notice'
  | 'test';

/** An e-mail address, or the address of an SMS gateway, which gets a short plain text of its own. */
export type Channel = 'email' | 'sms';

/** `smtp`: this site's own servers, or the practice mailbox. `relay`: the Tocsin Web Service only (SMTP override). */
export type RouteChoice = 'smtp' | 'relay';

/** What raised a message, so that the log can be searched by it. Mail of `smtp-event` raises no SMTP events itself. */
export interface MessageSource {
  readonly type: 'alert' | 'report' | 'file-alert' | 'smtp-event' | 'system';
  readonly name: string;
}

/** A file that goes with a mail. Only file alerts have them, and they never leave by the relay. */
export interface Attachment {
  /** A plain file name. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What the log says of an attachment; its content lies apart. */
export interface AttachmentEntry {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * A mail that has been decided: what compose hands to the outbox. It never changes afterwards, so that every
 * attempt sends the same thing under the same id.
 */
export interface Message {
  /** Names the message in the outbox and the log; the local part of its Message-ID and the relay's idempotency key. */
  readonly id: string;
  /** The Message-ID header without angle brackets: `id@domain`. */
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly severity: Severity;
  readonly source: MessageSource;
  /** Wall-clock time at which it was decided; the Date header. */
  readonly createdAt: number;
  /** Wall-clock time of what it is about, such as the moment an alert fired. */
  readonly causedAt: number;
  readonly channel: Channel;
  readonly route: RouteChoice;
  readonly subject: string;
  readonly text: string;
  /** Null: the mail is plain text only. */
  readonly html: string | null;
  readonly priority: 'high' | 'normal' | 'low';
  /** Message-IDs of the conversation this belongs to, oldest first; empty for the first one. */
  readonly references: readonly string[];
  readonly incidentId: string | null;
  readonly attachments: readonly AttachmentEntry[];
  /** Strict addr-specs, each once. */
  readonly recipients: readonly string[];
}
