import { stuffed } from './dot-stuffing.ts';
import type { WireFailure } from './wire-failure.ts';

/** Where commands and the message go. */
export interface OfferPort {
  write(commands: string): void;
  /** Sends a message with its end, a byte for each character; `onRead` is called when the last one leaves our hands. */
  sendMessage(message: string, onRead: () => void): void;
}

/** The message that is offered, and to whom. */
export interface Offered {
  readonly from: string;
  /** At least one. */
  readonly recipients: readonly string[];
  /** One character for each byte. */
  readonly mime: string;
  /** Whether commands may follow each other without waiting for replies (RFC 2920). */
  readonly pipelining: boolean;
  /** Called when the last byte of the message leaves our hands: the server may have all of it from then on. */
  readonly onMessageRead: () => void;
}

/** How an exchange with the server ended. `isOver`: nothing more can be said on this connection. */
export interface Ended {
  readonly failure: WireFailure | null;
  readonly isOver: boolean;
}

/** Something that is said to a server, and what it answers. */
export interface Exchange {
  begin(port: OfferPort): void;
  /** Takes the next reply; null while there are more to come. */
  take(reply: string, port: OfferPort): Ended | null;
}

/** MAIL, RCPT, DATA and the message (RFC 5321 3.3), all commands at once where the server can take them so. */
export class Offer implements Exchange {
  readonly #offered: Offered;
  #taken = 0;
  #accepted = 0;
  /** The last refusal of the sender or a recipient. */
  #refusal: string | null = null;
  #isSenderRefused = false;
  #isMessageRead = false;

  constructor(offered: Offered) {
    this.#offered = offered;
  }

  begin(port: OfferPort): void {
    const { from, recipients, pipelining } = this.#offered;
    const mail = `MAIL FROM:<${from}>\r\n`;
    if (!pipelining) return port.write(mail);
    port.write(`${mail}RCPT TO:<${recipients.join('>\r\nRCPT TO:<')}>\r\nDATA\r\n`);
  }

  take(reply: string, port: OfferPort): Ended | null {
    const count = this.#offered.recipients.length;
    const index = this.#taken++;
    const kind = kindOf(reply);
    if (kind === 'not-smtp') return { failure: { kind, reply, nodeCode: null }, isOver: true };
    if (kind === 'goodbye') return { failure: refusedBy(reply), isOver: true };
    if (index <= count) return this.#takeEnvelope(reply, index, port);
    if (index === count + 1) return this.#takeData(reply, port);
    if (this.#accepted === 0) return { failure: refusedBy(this.#refusal ?? reply), isOver: false };
    // What is said before the message has ended is not about it, and the rest of it cannot be sent any more.
    return { failure: reply.startsWith('2') ? null : refusedBy(reply), isOver: !this.#isMessageRead };
  }

  /** The reply to MAIL, or to a RCPT. */
  #takeEnvelope(reply: string, index: number, port: OfferPort): Ended | null {
    const { recipients, pipelining } = this.#offered;
    if (!reply.startsWith('2')) {
      this.#refusal = reply;
      this.#isSenderRefused ||= index === 0;
    } else if (index > 0) {
      this.#accepted++;
    }
    if (pipelining) return null;
    if (this.#isSenderRefused) return { failure: refusedBy(reply), isOver: false };
    const next = recipients[index];
    if (next !== undefined) port.write(`RCPT TO:<${next}>\r\n`);
    else if (this.#accepted === 0) return { failure: refusedBy(reply), isOver: false };
    else port.write('DATA\r\n');
    return null;
  }

  #takeData(reply: string, port: OfferPort): Ended | null {
    const refusal = this.#isSenderRefused || this.#accepted === 0 ? (this.#refusal ?? reply) : null;
    if (refusal !== null) {
      const failure = refusedBy(refusal);
      // RFC 2920 3.1: a message with nobody to go to is ended where it was asked for all the same. One without a
      // sender either is not to be asked for, and a server that does is left.
      if (!reply.startsWith('3')) return { failure, isOver: false };
      if (this.#isSenderRefused) return { failure, isOver: true };
      port.write('.\r\n');
      return null;
    }
    // There are servers that say 250 here.
    if (!/^[23]/.test(reply)) return { failure: refusedBy(reply), isOver: false };
    port.sendMessage(stuffed(this.#offered.mime), () => {
      this.#isMessageRead = true;
      this.#offered.onMessageRead();
    });
    return null;
  }
}

/** One command that is answered by one reply: RSET, or QUIT after which the server goes. */
export class Command implements Exchange {
  readonly #line: string;
  readonly #isLast: boolean;

  constructor(line: 'RSET' | 'QUIT') {
    this.#line = line;
    this.#isLast = line === 'QUIT';
  }

  begin(port: OfferPort): void {
    port.write(`${this.#line}\r\n`);
  }

  take(reply: string): Ended {
    const kind = kindOf(reply);
    if (kind === 'not-smtp') return { failure: { kind, reply, nodeCode: null }, isOver: true };
    const isRefused = !reply.startsWith('2');
    return { failure: isRefused ? refusedBy(reply) : null, isOver: this.#isLast || kind === 'goodbye' };
  }
}

/** RFC 5321 3.8: 421 may answer any command, and the server goes away. */
function kindOf(reply: string): 'reply' | 'goodbye' | 'not-smtp' {
  if (!/^[2-5]\d\d(?:[ -]|$)/.test(reply)) return 'not-smtp';
  return reply.startsWith('421') ? 'goodbye' : 'reply';
}

function refusedBy(reply: string): WireFailure {
  return { kind: 'reply', reply, nodeCode: null };
}
