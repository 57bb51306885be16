import type { Clock } from '../shared/model/clock.ts';
import type { Resolved } from './resolve.ts';
import type { SmtpLimits } from './smtp-limits.ts';
import { cleanReply } from './smtp-reply.ts';
import { settleTransaction, type TransactionResult } from './smtp-transaction.ts';
import type { SmtpWire } from './smtp-wire.ts';
import { type PeerTrust, tlsFacts, type TlsFacts } from './tls.ts';

export interface SessionContext {
  readonly clock: Clock;
  readonly resolve: (host: string) => Promise<Resolved>;
  readonly ehloName: string;
  readonly limits: SmtpLimits;
  /** What to check certificates of this server against. */
  readonly trust: () => PeerTrust;
}

interface SendOptions {
  /** Bounds the wait for the answer to MAIL, for sessions that may have died in silence; else as for any command. */
  readonly firstReplyMs?: number;
  /** Told each reply as it comes, without secrets: to MAIL, to each RCPT, to DATA, to the final dot. */
  readonly onReply?: (reply: string) => void;
}

/** An open, greeted and logged-in connection to one server. One message at a time. */
export interface SmtpSession {
  readonly alive: boolean;
  /** Facts about the encryption; null without. */
  readonly tls: TlsFacts | null;
  /** Offers a message, one character for each byte. Never rejects. */
  send(
    mime: string,
    from: string,
    recipients: readonly string[],
    options?: SendOptions,
  ): Promise<TransactionResult>;
  /** Makes the session fit for the next message after one that was refused. False: it is not, and was closed. */
  reset(): Promise<boolean>;
  /** Says goodbye and closes within a second. */
  quit(): void;
  /** Closes at once; a send under way ends with what is known of it. */
  close(): void;
  /** Called once when the connection is gone. */
  onGone: () => void;
}

/** How long QUIT may take before the connection is cut, in milliseconds. */
const QUIT_MS = 1000;

/** Makes a session of a dialogue that has been greeted and logged in. It owns the wire from now on. */
export function createSession(
  wire: SmtpWire,
  context: SessionContext,
  secrets: readonly string[],
): SmtpSession {
  return new Session(wire, context, secrets);
}

class Session implements SmtpSession {
  readonly #wire: SmtpWire;
  readonly #context: SessionContext;
  readonly #secrets: readonly string[];
  readonly tls: TlsFacts | null;
  onGone: () => void = () => {};

  constructor(wire: SmtpWire, context: SessionContext, secrets: readonly string[]) {
    this.#wire = wire;
    this.#context = context;
    this.#secrets = secrets;
    this.tls = tlsFacts(wire.socket);
    wire.onReply = () => {};
    wire.onCommand = () => {};
    wire.onGone = () => this.onGone();
  }

  get alive(): boolean {
    return this.#wire.alive;
  }

  async send(
    mime: string,
    from: string,
    recipients: readonly string[],
    options: SendOptions = {},
  ): Promise<TransactionResult> {
    const { clock, limits } = this.#context;
    const began = clock.monotonic();
    const left = (): number => Math.max(0, limits.messageMs - (clock.monotonic() - began));
    const replies: string[] = [];
    let messageRead = false;
    this.#wire.onReply = (reply) => {
      replies.push(reply);
      options.onReply?.(cleanReply(reply, this.#secrets));
      // Once DATA has been answered the message is under way, and only the limit of the whole counts.
      const streaming = replies.length > recipients.length + 1;
      this.#wire.arm(streaming ? left() : Math.min(limits.commandMs, left()));
    };
    const failure = await this.#wire.send(
      Math.min(options.firstReplyMs ?? limits.commandMs, limits.messageMs),
      from,
      recipients,
      mime,
      () => {
        messageRead = true;
      },
    );
    this.#wire.onReply = () => {};
    const result = settleTransaction({ recipients, replies, failure, messageRead, secrets: this.#secrets });
    if (result.broken) this.#wire.close();
    return result;
  }

  async reset(): Promise<boolean> {
    if (!this.#wire.alive) return false;
    const failure = await this.#wire.reset(this.#context.limits.connectMs);
    if (failure === null) return true;
    this.#wire.close();
    return false;
  }

  quit(): void {
    this.#wire.quit(QUIT_MS);
  }

  close(): void {
    this.#wire.abort('closed');
  }
}
