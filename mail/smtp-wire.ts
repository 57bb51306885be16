import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { NodemailerError } from 'nodemailer/lib/errors';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import { peerFault } from './certificate.ts';
import { fitsOneWrite, OneWrite } from './one-write.ts';
import type { FailureKind } from './smtp-reply.ts';
import { handshakeOptions, type PeerTrust, tlsStageFacts } from './tls.ts';
import { challengeAnswer, type TokenMechanism } from './token-mechanism.ts';

/** Why a step of the dialogue did not end as it should. */
export interface WireFailure {
  readonly kind: FailureKind | 'reply';
  /** All the server said to that step; null where it said nothing. */
  readonly reply: string | null;
  readonly nodeCode: string | null;
  /** What a server showed whose certificate was refused. */
  readonly facts?: StageFacts | null;
}

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

/** Largest reply that is read, in bytes; RFC 5321 4.5.3.1.5 has 512 a line, and EHLO some dozen lines. */
const MAX_REPLY_BYTES = 64 * 1024;

/** Under this name nodemailer is given our own way to log in by a token: its own keeps to itself why one is refused. */
const BY_TOKEN = 'TOKEN';

/**
 * One SMTP dialogue over one connection: nodemailer's connection with its callbacks and events made into one answer
 * a step, and with deadlines that a server cannot push back by dripping bytes. One step at a time.
 */
export class SmtpWire {
  readonly #connection: SMTPConnection;
  readonly #options: WireOptions;
  /** Whether everything that was asked for before a password may go out has been seen to be in place. */
  #isVetted: boolean;
  readonly #clock: Clock;
  #fail: ((failure: WireFailure) => void) | null = null;
  #cancelTimer: CancelTimer = () => {};
  #alive = true;
  /** Called for each command sent, with its verb and, of AUTH, the name of the method: other arguments may be secrets. */
  onCommand: (verb: string, method: string | null) => void = () => {};
  /** Called for each complete reply, as the server wrote it. */
  onReply: (reply: string) => void = () => {};
  /** Called once when the connection is gone, whoever ended it. */
  onGone: () => void = () => {};

  constructor(options: WireOptions) {
    this.#clock = options.clock;
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
      this.#cancelTimer();
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
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(limitMs, () => this.abort('timeout'));
  }

  /** Ends the step under way and closes the connection. */
  abort(kind: 'timeout' | 'closed'): void {
    this.#fail?.({ kind, reply: null, nodeCode: null });
    this.close();
  }

  /** Greeting, EHLO, and STARTTLS where required. Null when all went well. */
  greet(limitMs: number): Promise<WireFailure | null> {
    return this.#step(limitMs, (done) => this.#connection.connect(done));
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
    mime: Buffer,
    onMessageRead: () => void,
  ): Promise<WireFailure | null> {
    const message = this.#messageOf(mime, onMessageRead);
    // Without the size: where it is too much, the server's own words say more than nodemailer's.
    const envelope = { from, to: [...recipients] };
    return this.#vettedStep(limitMs, (done) => this.#connection.send(envelope, message, done));
  }

  /** A small message goes out in one write; a large one as the connection takes it. */
  #messageOf(mime: Buffer, onRead: () => void): Readable {
    const socket = this.#connection._socket;
    if (socket && fitsOneWrite(mime, socket)) return new OneWrite(mime, socket, onRead);
    const message = new Readable({
      read() {
        this.push(mime);
        this.push(null);
      },
    });
    message.once('end', onRead);
    return message;
  }

  /** Ends a transaction that was begun and not completed. */
  reset(limitMs: number): Promise<WireFailure | null> {
    return this.#step(limitMs, (done) => this.#connection.reset(done));
  }

  /** Says goodbye (RFC 5321 4.1.1.10) and closes, at the latest after `limitMs`. */
  quit(limitMs: number): void {
    if (!this.#alive) return;
    this.arm(limitMs);
    this.#connection.quit();
  }

  close(): void {
    this.#cancelTimer();
    this.#connection.close();
  }

  #step(limitMs: number, start: (done: StepDone) => void): Promise<WireFailure | null> {
    return new Promise((resolve) => {
      const finish = (failure: WireFailure | null): void => {
        if (this.#fail !== fail) return;
        this.#fail = null;
        this.#cancelTimer();
        resolve(failure);
      };
      const fail = (failure: WireFailure): void => finish(failure);
      this.#fail = fail;
      this.arm(limitMs);
      start((error) => finish(error === undefined || error === null ? null : failureOf(error)));
    });
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
    if (this.#isVetted) return this.#step(limitMs, start);
    this.close();
    return Promise.resolve({ kind: 'system', reply: null, nodeCode: 'CERT_UNTRUSTED' });
  }
}

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

/** What nodemailer's error says, told apart by its codes and never by its sentences. */
function failureOf(error: NodemailerError): WireFailure {
  const reply = error.response ?? null;
  // It adds this one to replies it did not ask for and to lines that are no replies at all.
  if (reply !== null && !/^[2-5]\d\d(?:[ -]|$)/.test(reply))
    return { kind: 'not-smtp', reply, nodeCode: null };
  if (error.command === 'EHLO' && error.code === 'ECONNECTION' && /^50[0-4]/.test(reply ?? '')) {
    return { kind: 'starttls-missing', reply, nodeCode: null };
  }
  if (reply !== null) return { kind: 'reply', reply, nodeCode: null };
  if (error.code === 'ESOCKET') return { kind: 'system', reply, nodeCode: error.originalCode ?? null };
  if (error.code === 'EPROTOCOL') return { kind: 'not-smtp', reply, nodeCode: null };
  if (error.code === 'ETIMEDOUT') return { kind: 'timeout', reply, nodeCode: null };
  return { kind: 'closed', reply, nodeCode: null };
}
