import type { ErrorCode } from '../shared/errors.ts';
import type { Attempt, ServerName } from '../shared/model/delivery.ts';
import type { Attachment, Message } from '../shared/model/message.ts';
import type { FaultWords } from './access-token.ts';
import type { MimeContext } from './mime.ts';

/** A message on its way out, to some or all of its recipients. */
export interface SendRequest {
  readonly message: Message;
  /** Those who have not been settled yet and whose turn it is. */
  readonly recipients: readonly string[];
  /** The only server to use, because it may have this message already (`smtp_outcome_unknown`); null for any. */
  readonly pinnedServer: ServerName | null;
  readonly attachments: readonly Attachment[];
  /**
   * For the Web Service: the Idempotency-Key, where it is not the message's id. It goes with these recipients and no
   * others, whenever it is sent.
   */
  readonly submissionKey?: string;
  /** What this mail bears besides its message, where that is not the same for all mails of the outlet. */
  readonly mime?: MimeContext;
}

/** How one server fares, as status and reports show it. */
export interface ServerHealth {
  readonly server: ServerName;
  readonly state: 'unused' | 'ok' | 'down' | 'paused';
  /** Wall-clock time of the last change of state; null while unused. */
  readonly since: number | null;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  /** What is said in place of the words of the code, where those do not fit. */
  readonly words?: FaultWords;
  /** When it will be tried again; null unless down or paused. */
  readonly nextProbeAt: number | null;
  /** When it last accepted a message, and how long that took; null where it has not. */
  readonly lastAcceptedAt: number | null;
  readonly lastDurationMs: number | null;
}

/**
 * A way out of this computer: some servers in order of preference, their open sessions and their health. Messages
 * are given to it one by one; it never throws for what servers or networks do.
 */
export interface Outlet {
  /**
   * Tries the servers in order until one has answered for every recipient, and returns every attempt made, in order.
   * Recipients without a final verdict in the last attempt that names them are to be tried again later. The list is
   * empty only when nothing could be tried because every server is down or paused. What may have been accepted without
   * our knowing is `unknown`; everything else that is not `accepted` has certainly not been taken.
   */
  send(request: SendRequest): Promise<readonly Attempt[]>;
  /** Whether a message with this pin may be tried now: one of its servers is neither down nor paused. */
  available(pinnedServer: ServerName | null): boolean;
  /**
   * Says that mail is waiting, or no longer is. While it waits, servers that are down are probed. `afresh`: as closely
   * as if they had gone down only now, because mail has just gone another way on their account.
   */
  setWaiting(waiting: boolean, afresh?: boolean): void;
  health(): readonly ServerHealth[];
  /** Forgets what is known about the servers, so that all are tried at once: after resume, network-up or "try now". */
  reset(): void;
  /** Ends all sessions within a second or two. Sends in flight end with what is known of them. */
  close(): Promise<void>;
}

export interface OutletEvents {
  /** A server that was down or paused can be used again. */
  readonly onAvailable: () => void;
}
