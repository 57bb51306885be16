import type { Socket } from 'node:net';
import { withDeadline } from '../../../mail/deadline.ts';
import { cleanReply } from '../../../mail/smtp-reply.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Stage } from '../../../shared/model/delivery.ts';
import { COMMAND_MS, MailboxTrouble } from './mailbox-session.ts';

/** Longest line that is read, in bytes; RFC 1939 has 512, mails have longer ones. */
const LINE_MAX_BYTES = 256 * 1024;
/** So much may lie unread before the server is taken for one that talks without end. */
const UNREAD_MAX_BYTES = 4 * 1024 * 1024;

/** A status line: +OK or -ERR, and what stands after it. */
export interface Pop3Reply {
  readonly ok: boolean;
  readonly text: string;
}

/** The lines of one POP3 connection (RFC 1939), with deadlines that a server cannot push back by dripping bytes. */
export class Pop3Wire {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #secrets: readonly string[];
  readonly #lines: Buffer[] = [];
  #unreadBytes = 0;
  #unfinished: Buffer[] = [];
  #unfinishedBytes = 0;
  #gone = false;
  #wake: () => void = () => {};
  /** What is being done, for failures to say. */
  stage: Stage = 'greeting';

  constructor(socket: Socket, clock: Clock, signal: AbortSignal, secrets: readonly string[]) {
    this.#socket = socket;
    this.#clock = clock;
    this.#signal = signal;
    this.#secrets = secrets;
    socket.on('data', this.#onData);
    socket.on('close', this.#onGone);
    socket.on('error', this.#onGone);
    if (socket.destroyed) this.#gone = true;
  }

  /** Hands the connection back, as for TLS; what the server said before its time counts as a fault. */
  release(): Socket {
    if (this.#lines.length > 0 || this.#unfinishedBytes > 0) throw this.trouble('smtp_tls_failed', null);
    this.#socket.off('data', this.#onData);
    this.#socket.off('close', this.#onGone);
    return this.#socket;
  }

  async command(text: string): Promise<Pop3Reply> {
    if (this.#gone) throw this.trouble('smtp_blocked', null);
    this.#socket.write(`${text}\r\n`);
    return this.reply();
  }

  reply(): Promise<Pop3Reply> {
    return this.#within(async () => {
      const line = (await this.#line()).toString('utf8');
      if (!/^(?:\+OK|-ERR)/.test(line))
        throw this.trouble('smtp_not_smtp', cleanReply(line.slice(0, 500), this.#secrets));
      const text = cleanReply(line.replace(/^(?:\+OK|-ERR)\s?/, '').slice(0, 500), this.#secrets);
      return { ok: line.startsWith('+OK'), text };
    });
  }

  /** The lines after a reply, up to the dot, stuffed dots taken off. What goes beyond `maxBytes` is dropped. */
  lines(maxBytes: number): Promise<Buffer> {
    return this.#within(async () => {
      const kept: Buffer[] = [];
      let bytes = 0;
      for (;;) {
        const line = await this.#line();
        if (line.length === 1 && line[0] === DOT) return Buffer.concat(kept);
        const bare = line[0] === DOT ? line.subarray(1) : line;
        if (bytes > maxBytes) continue;
        kept.push(bare, CRLF);
        bytes += bare.length + CRLF.length;
      }
    });
  }

  trouble(code: ErrorCode, reply: string | null): MailboxTrouble {
    return new MailboxTrouble({ stage: this.stage, code, reply });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #within<Value>(work: () => Promise<Value>): Promise<Value> {
    type Outcome = { readonly value: Value } | { readonly error: unknown };
    const settled = work().then(
      (value): Outcome => ({ value }),
      (error: unknown): Outcome => ({ error }),
    );
    const result = await withDeadline(this.#clock, COMMAND_MS, this.#signal, settled);
    if ('ended' in result) {
      this.#socket.destroy();
      throw this.trouble('smtp_connection_timeout', null);
    }
    if ('error' in result.done) throw result.done.error;
    return result.done.value;
  }

  async #line(): Promise<Buffer> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        this.#unreadBytes -= line.length;
        return line;
      }
      if (this.#gone) throw this.trouble('smtp_blocked', null);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    let rest = chunk;
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      const line = Buffer.concat([...this.#unfinished, rest.subarray(0, end)]);
      this.#unfinished = [];
      this.#unfinishedBytes = 0;
      const bare = line.at(-1) === CR ? line.subarray(0, -1) : line;
      this.#lines.push(bare);
      this.#unreadBytes += bare.length;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) {
      this.#unfinished.push(rest);
      this.#unfinishedBytes += rest.length;
    }
    if (this.#unfinishedBytes > LINE_MAX_BYTES || this.#unreadBytes > UNREAD_MAX_BYTES)
      this.#socket.destroy();
    this.#wake();
  };

  readonly #onGone = (): void => {
    this.#gone = true;
    this.#wake();
  };
}

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;
const CRLF = Buffer.from('\r\n');
