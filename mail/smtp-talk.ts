import type { Socket } from 'node:net';
import { ReplyReader } from './reply-reader.ts';
import type { Exchange, OfferPort } from './smtp-offer.ts';
import { CLOSED, type WireFailure } from './wire-failure.ts';

export interface TalkEvents {
  /** Told each complete reply that answers something, as the server wrote it. */
  readonly onReply: (reply: string) => void;
  /** The connection is of no use any more, and is to be closed. */
  readonly onOver: () => void;
}

/** A large message goes out in parts of so many bytes, so that what waits to be sent can still be called back. */
const PART_BYTES = 64 * 1024;

/**
 * What is said on a connection that has been greeted, encrypted and logged in: our own commands and nodemailer's
 * socket, because its streams and events cost more than all else that sending a mail takes. One exchange at a time.
 */
export class SmtpTalk implements OfferPort {
  readonly #socket: Socket;
  readonly #events: TalkEvents;
  readonly #reader = new ReplyReader();
  #exchange: Exchange | null = null;
  #done: (failure: WireFailure | null) => void = () => {};
  #isOver = false;
  /** Whether a message went out while what had come was read. */
  #hasJustSent = false;

  /** Takes over what is read from the socket; errors and the end of it remain nodemailer's to tell. */
  constructor(socket: Socket, events: TalkEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.removeAllListeners('data');
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
  }

  /** `done` is called once, unless the connection goes before the exchange has ended. */
  begin(exchange: Exchange, done: (failure: WireFailure | null) => void): void {
    // A reply that has begun before it was asked for would be taken for the one to this.
    if (this.#isOver || this.#reader.rest() !== '') {
      done(CLOSED);
      this.#over();
      return;
    }
    this.#exchange = exchange;
    this.#done = done;
    exchange.begin(this);
  }

  /** Nothing is written any more, and nothing that comes is read. */
  stop(): void {
    this.#isOver = true;
    this.#exchange = null;
  }

  /** What the server had begun to say when it closed the connection; null where nothing was waited for. */
  lastWords(): string | null {
    return this.#exchange === null ? null : this.#reader.rest();
  }

  write(commands: string): void {
    if (!this.#isOver) this.#socket.write(commands, 'latin1');
  }

  sendMessage(message: string, onRead: () => void): void {
    const socket = this.#socket;
    this.#hasJustSent = true;
    let sent = 0;
    const sendOn = () => {
      if (this.#isOver || this.#exchange === null) return;
      while (message.length - sent > PART_BYTES) {
        sent += PART_BYTES;
        if (socket.write(message.slice(sent - PART_BYTES, sent), 'latin1')) continue;
        socket.once('drain', sendOn);
        return;
      }
      onRead();
      socket.write(sent === 0 ? message : message.slice(sent), 'latin1');
    };
    sendOn();
  }

  #read(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#hasJustSent = false;
    const replies = this.#reader.take(bytes);
    if (replies === null) return this.#end({ kind: 'not-smtp', reply: null, nodeCode: null }, true);
    for (const reply of replies) {
      // RFC 5321 3.8: 421 may come unasked. So may nothing else: it would be taken for the reply to a later command.
      if (this.#exchange === null) return this.#over();
      if (this.#hasJustSent) return this.#endEarly(reply);
      this.#events.onReply(reply);
      const ended = this.#exchange.take(reply, this);
      if (ended !== null) this.#end(ended.failure, ended.isOver);
      if (this.#isOver) return;
    }
    if (this.#hasJustSent && this.#reader.rest() !== '') this.#endEarly(this.#reader.rest());
  }

  /** What came together with the 354 was said before there was a message, and cannot be about it. */
  #endEarly(reply: string): void {
    this.#end({ kind: 'not-smtp', reply, nodeCode: null }, true);
  }

  #end(failure: WireFailure | null, isOver: boolean): void {
    const done = this.#done;
    const isAwaited = this.#exchange !== null;
    this.#exchange = null;
    if (isAwaited) done(failure);
    if (isOver) this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.stop();
    this.#events.onOver();
  }
}
