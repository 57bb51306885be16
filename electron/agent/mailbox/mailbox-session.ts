import type { ErrorCode } from '../../../shared/errors.ts';
import type { ServerName, Stage } from '../../../shared/model/delivery.ts';

/** Where the mailbox is and how it is opened. */
export interface MailboxServer extends ServerName {
  readonly protocol: 'pop3' | 'imap';
  readonly user: string;
  /** Null where none is stored or it cannot be read. */
  readonly password: string | null;
  /** Certificates (PEM) to trust besides the usual ones; null for those alone. */
  readonly ca: string | null;
}

/** Why a mailbox could not be opened or read. */
export interface MailboxFailure {
  readonly stage: Stage;
  readonly code: ErrorCode;
  /** The server's own words, if it said any. */
  readonly reply: string | null;
}

/** What the methods of a session reject with; the session is of no use afterwards. */
export class MailboxTrouble extends Error {
  readonly failure: MailboxFailure;

  constructor(failure: MailboxFailure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** Of one mail no more than this is read, in bytes. */
export const MAIL_MAX_BYTES = 1024 * 1024;
/** Time for one command and its answer, in milliseconds. */
export const COMMAND_MS = 30_000;
/** Time for each of name, connection and encryption, in milliseconds. */
export const CONNECT_MS = 20_000;

/** An open mailbox. Looking at mails leaves them as they are. */
export interface MailboxSession {
  /** Names of the mails there are, oldest first. A name stays the same and is never given to another mail. */
  list(): Promise<readonly string[]>;
  /** The headers of a mail, as they stand. */
  headers(uid: string): Promise<string>;
  /** The beginning of a mail, up to MAIL_MAX_BYTES; null where it cannot be had. */
  read(uid: string): Promise<Uint8Array | null>;
  /** Removes a mail; for certain only when `close` has resolved. */
  remove(uid: string): Promise<void>;
  close(): Promise<void>;
}
