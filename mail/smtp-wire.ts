import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Clock } from '../shared/model/clock.ts';
import { peerFault } from './certificate.ts';
import { Deadline } from './deadline.ts';
import { MAX_REPLY_BYTES } from './reply-reader.ts';
import { offersPipelining } from './session-facts.ts';
import { Command, type Exchange, Offer } from './smtp-offer.ts';
import { SmtpTalk } from './smtp-talk.ts';
import { handshakeOptions, type PeerTrust, tlsStageFacts } from './tls.ts';
import { challengeAnswer, type TokenMechanism } from './token-mechanism.ts';
import { CLOSED, failureOf, type WireFailure } from './wire-failure.ts';

export interface WireOptions {
  /** An open connection; encrypted already where `secured`. The wire owns it from now on. */
  readonly socket: Socket;
  readonly secured: boolean;
  /** What to check the server against when STARTTLS is required; null: never encrypt. */
  readonly starttls: PeerTrust | null;
  readonly host: string;
  readonly port: number;
  readonly ehloName: string;
  readonly clock: Clock;
}

/** Nodemailer's own limits, in milliseconds: out of the way, because the deadlines kept here are shorter. */
const OUT_OF_THE_WAY_MS = 600_000;

/** Under this name nodemailer is given our own way to log in by a token: its own keeps to itself why one is refused. */
const BY_TOKEN = 'TOKEN';

/**
 * One SMTP dialogue over one connection: nodemailer's connection for greeting, encryption and login, with its callbacks
 * and events made into one answer a step; our own talk for the messages. The deadlines are such that a server cannot push
 * them back by dripping bytes. One step at a time.
 */
export class SmtpWire {
  readonly #connection: SMTPConnection;
  readonly #options: WireOptions;
  /** Whether everything that was asked for before a password may go out has been seen to be in place. */
  #isVetted: boolean;
  #fail: ((failure: WireFailure) => void) | null = null;
  readonly #deadline: Deadline;
  #alive = true;
  #pipelining = false;
  /** Once there is one, nodemailer reads nothing and writes nothing any more. */
  #talk: SmtpTalk | null = null;
  /** Called for each command sent, with its verb and, of AUTH, the name of the method: other arguments may be secrets. */
  onCommand: (verb: string, method: string | null) => void = () => {};
  /** Called for each complete reply, as the server wrote it. */
  onReply: (reply: string) => void = () => {};
  /** Called once when the connection is gone, whoever ended it. */
  onGone: () => void = () => {};

  constructor(options: WireOptions) {
    this.#deadline = new Deadline(options.clock, () => this.abort('timeout'));
    this.#options = options;
    this.#isVetted = options.starttls === null;
    this.#connection = new SMTPConnection({
      connection: options.socket,
      secure: options.secured,
      secured: options.secured,
      host: options.host,
      port: options.port,
      name: options.ehloName,
      ...(options.starttls === null
        ? { ignoreTLS: true }
        : { requireTLS: true, tls: handshakeOptions(options.starttls, options.host) }),
      connectionTimeout: OUT_OF_THE_WAY_MS,
      greetingTimeout: OUT_OF_THE_WAY_MS,
      socketTimeout: OUT_OF_THE_WAY_MS,
      socketCloseTimeout: 1000,
      maxResponseSize: MAX_REPLY_BYTES,
      customAuth: { [BY_TOKEN]: offerToken },
      transactionLog: true,
      logger: {
        trace: () => {},
        debug: (entry: { tnx?: string }, text: unknown) => this.#onLog(entry.tnx, text),
        info: () => {},
        warn: () => {},
        error: () => {},
        fatal: () => {},
      },
    });
    this.#connection.on('error', (error: NodemailerError) => this.#fail?.(failureOf(error)));
    this.#connection.once('end', () => {
      this.#alive = false;
      this.#deadline.end();
      this.#hearLastWords();
      // Nodemailer hands a last reply, such as 421, to its callback after this event: let that be heard first.
      queueMicrotask(() => {
        this.#fail?.({ kind: 'closed', reply: null, nodeCode: null });
        this.onGone();
      });
    });
  }

  /** Whether the connection is open as far as is known. */
  get alive(): boolean {
    return this.#alive;
  }

  /** What the server said last, such as its answer to EHLO. */
  get lastReply(): string {
    return this.#connection.lastServerResponse === false ? '' : this.#connection.lastServerResponse;
  }

  /** The socket in use; after STARTTLS the encrypted one. */
  get socket(): unknown {
    return this.#connection._socket;
  }

  /** (Re)starts the deadline of the step under way. When it passes, the step ends as `timeout` and the wire closes. */
  arm(limitMs: number): void {
    this.#deadline.set(limitMs);
  }

  /** Ends the step under way and closes the connection. */
  abort(kind: 'timeout' | 'closed'): void {
    this.#fail?.({ kind, reply: null, nodeCode: null });
    this.close();
  }

  /** Greeting, EHLO, and STARTTLS where required. Null when all went well. */
  async greet(limitMs: number): Promise<WireFailure | null> {
    const failure = await this.#step(limitMs, (done) => this.#connection.connect(done));
    if (failure === null) this.#pipelining = offersPipelining(this.lastReply);
    return failure;
  }

  login(limitMs: number, user: string, password: string): Promise<WireFailure | null> {
    return this.#vettedStep(limitMs, (done) => this.#connection.login({ user, pass: password }, done));
  }

  /** Offers a token, as the initial response of the mechanism. After a refusal the connection may take another one. */
  loginByToken(limitMs: number, mechanism: TokenMechanism, response: string): Promise<WireFailure | null> {
    const options: TokenOptions = { mechanism, response };
    return this.#vettedStep(limitMs, (done) => this.#connection.login({ method: BY_TOKEN, options }, done));
  }

  /**
   * MAIL, RCPT, DATA and the message. `onMessageRead` is called when the last byte of the message has left our
   * hands, so that the server may have all of it from then on.
   */
  send(
    limitMs: number,
    from: string,
    recipients: readonly string[],
    mime: string,
    onMessageRead: () => void,
  ): Promise<WireFailure | null> {
    // Addresses were looked at before; one that would end its command must not get this far.
    const isSafe = [from, ...recipients].every((address) => /^[!-;=?-~]*$/.test(address));
    if (!isSafe || recipients.length === 0) return Promise.resolve(CLOSED);
    // Without the size: where it is too much, the server's own words say more than a figure.
    const pipelining = this.#pipelining;
    return this.#exchange(limitMs, new Offer({ from, recipients, mime, pipelining, onMessageRead }));
  }

  /** Ends a transaction that was begun and not completed. */
  reset(limitMs: number): Promise<WireFailure | null> {
    return this.#exchange(limitMs, new Command('RSET'));
  }

  /** Says goodbye (RFC 5321 4.1.1.10) and closes, at the latest after `limitMs`. */
  quit(limitMs: number): void {
    if (!this.#alive) return;
    void this.#exchange(limitMs, new Command('QUIT'));
  }

  close(): void {
    this.#deadline.end();
    this.#talk?.stop();
    this.#connection.close();
  }

  #exchange(limitMs: number, exchange: Exchange): Promise<WireFailure | null> {
    if (!this.#isVetted) return this.#refuseUnvetted();
    const talk = this.#takeOver();
    if (talk === null) return Promise.resolve(CLOSED);
    return new Promise((resolve) => {
      const finish = this.#begin(limitMs, resolve);
      talk.begin(exchange, finish);
    });
  }

  #takeOver(): SmtpTalk | null {
    const socket = this.#connection._socket;
    if (!this.#alive || !socket) return null;
    return (this.#talk ??= new SmtpTalk(socket, {
      onReply: (reply) => this.onReply(reply),
      onOver: () => this.close(),
    }));
  }

  /** A refusal that the server did not end with a line break before it closed the connection is one all the same. */
  #hearLastWords(): void {
    const words = this.#talk?.lastWords() ?? '';
    if (this.#fail === null || !/^[45]\d\d[ -]/.test(words)) return;
    this.onReply(words);
    this.#fail({ kind: 'reply', reply: words, nodeCode: null });
  }

  #step(limitMs: number, start: (done: StepDone) => void): Promise<WireFailure | null> {
    return new Promise((resolve) => {
      const finish = this.#begin(limitMs, resolve);
      start((error) => finish(error === undefined || error === null ? null : failureOf(error)));
    });
  }

  /** Starts a step: whoever comes first ends it, the returned function or `#fail`. */
  #begin(limitMs: number, resolve: (failure: WireFailure | null) => void): StepEnd {
    const finish = (failure: WireFailure | null): void => {
      if (this.#fail !== finish) return;
      this.#fail = null;
      this.#deadline.clear();
      resolve(failure);
    };
    this.#fail = finish;
    this.arm(limitMs);
    return finish;
  }

  #onLog(side: string | undefined, text: unknown): void {
    if (typeof text !== 'string') return;
    if (side === 'server') this.onReply(text);
    else if (side === 'client' && this.#vet()) {
      this.onCommand(/^[A-Z]+/.exec(text)?.[0] ?? '', /^AUTH ([A-Z0-9-]{1,20})\b/.exec(text)?.[1] ?? null);
    }
  }

  /**
   * Looks at the other side of a connection that STARTTLS has just encrypted, before the first command goes out over it:
   * nodemailer tells of a command and only then writes it. False: it is not to be trusted, and the connection is gone.
   */
  #vet(): boolean {
    const { starttls, host, clock } = this.#options;
    const { socket } = this;
    if (this.#isVetted || starttls === null || !(socket instanceof TLSSocket)) return true;
    const nodeCode = peerFault(socket, { host, fingerprint: starttls.fingerprint, now: clock.now() });
    this.#isVetted = nodeCode === null;
    if (nodeCode === null) return true;
    this.#fail?.({ kind: 'system', reply: null, nodeCode, facts: tlsStageFacts(socket, starttls) });
    socket.destroy();
    this.close();
    return false;
  }

  /**
   * A step that tells the server something in confidence. It is refused as long as `#vet` has not found the other side to
   * be trusted; nodemailer tells of every command before, and a password or token is not to hang on that.
   */
  #vettedStep(limitMs: number, start: (done: StepDone) => void): Promise<WireFailure | null> {
    return this.#isVetted ? this.#step(limitMs, start) : this.#refuseUnvetted();
  }

  #refuseUnvetted(): Promise<WireFailure> {
    this.close();
    return Promise.resolve({ kind: 'system', reply: null, nodeCode: 'CERT_UNTRUSTED' });
  }
}

type StepEnd = (failure: WireFailure | null) => void;

/** Nodemailer's callback of a step. */
type StepDone = (error?: NodemailerError | null) => void;

interface TokenOptions {
  readonly mechanism: TokenMechanism;
  readonly response: string;
}

/** Nodemailer rejects with the last reply where this throws. */
async function offerToken({ auth, sendCommand }: SMTPConnection.CustomAuthenticationContext): Promise<void> {
  const { mechanism, response } = auth.options as unknown as TokenOptions;
  let answer = await sendCommand(`AUTH ${mechanism} ${response}`);
  // Why it was refused; the refusal itself follows.
  if (answer.response.startsWith('334')) answer = await sendCommand(challengeAnswer(mechanism));
  if (!answer.response.startsWith('2')) throw new Error('The token was refused');
}
