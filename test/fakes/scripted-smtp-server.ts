import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from './certificates.ts';

/** What a server without end writes in one piece. */
const POURED_CHARS = 64 * 1024;

/**
 * What the server does instead of, or as, an answer. A string is sent as one reply, except three of them: `hang`:
 * nothing, for ever. `drop`: the connection is closed. `reset`: it is cut with RST. With `drop` the text is said
 * before it is closed; with `drip` it is sent byte by byte, over and over; with `endless` as fast as the other side
 * takes it, for ever; with `raw` it is sent as it is, without an end of line; with `cut` so is what is said before the
 * connection is closed.
 */
type Answer =
  | string
  | { readonly drop: string }
  | { readonly drip: string }
  | { readonly endless: string }
  | { readonly raw: string }
  | { readonly cut: string };

export interface Script {
  readonly greeting?: Answer;
  /** How long it waits before that, in milliseconds. */
  readonly greetAfterMs?: number;
  readonly ehlo?: Answer;
  readonly helo?: Answer;
  readonly starttls?: Answer;
  /** To AUTH PLAIN. */
  readonly auth?: Answer;
  readonly mail?: Answer;
  /** One answer for all recipients, or one by address. */
  readonly rcpt?: Answer | Readonly<Record<string, Answer>>;
  readonly data?: Answer;
  /** Says 354 although there is nobody to take the message for. */
  readonly takesDataForNobody?: boolean;
  /** How answers to commands that came together leave: each by itself, all in one packet, or byte by byte. */
  readonly pace?: 'packet' | 'bytes';
  /** To the final dot. */
  readonly dot?: Answer;
  /** How long it thinks before it answers that, in milliseconds. */
  readonly thinkMs?: number;
  readonly rset?: Answer;
  readonly quit?: Answer;
  /** What EHLO lists besides; STARTTLS is listed where there is a certificate and no encryption yet. */
  readonly extensions?: readonly string[];
  readonly certificate?: KeyAndCertificate;
  /** Speaks no newer TLS than 1.0. */
  readonly oldTls?: boolean;
  /** Sent unencrypted in one write with the 220 to STARTTLS, as somebody on the way would. */
  readonly injected?: string;
  /** TLS from the first byte. */
  readonly implicitTls?: boolean;
  /** Hides STARTTLS from EHLO's answer and refuses it. */
  readonly stripStarttls?: boolean;
  /** Sent when a connection has been idle for so long after its first message, before it is closed. */
  readonly closeIdle?: { readonly afterMs: number; readonly say: string };
}

export interface AcceptedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

/** An SMTP server that answers from a table, and remembers what it was sent. The table may be changed at any time. */
export class ScriptedSmtpServer {
  script: Script;
  readonly accepted: AcceptedMail[] = [];
  /** Messages that were completely received, whatever the answer. */
  received = 0;
  connections = 0;
  readonly commands: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #server: Server | null = null;
  port = 0;

  constructor(script: Script = {}) {
    this.script = script;
  }

  get tlsOptions(): SecureContextOptions {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    return this.script.oldTls === true ? old : {};
  }

  async start(port = 0): Promise<this> {
    const onSocket = (socket: Socket): void => this.#serve(socket);
    const { certificate, implicitTls } = this.script;
    const server =
      implicitTls === true && certificate !== undefined
        ? createTlsServer({ ...certificate, ...this.tlsOptions }, onSocket)
        : createServer({ noDelay: true }, onSocket);
    server.on('tlsClientError', () => {});
    server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  /** Cuts every connection that is open, as a server that restarts does. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.connections++;
    new Conversation(this, socket, this.#timers).begin();
  }
}

/** Tells an answer from a table of answers by address. */
function isAnswer(rcpt: NonNullable<Script['rcpt']>): rcpt is Answer {
  return typeof rcpt === 'string' || ['drop', 'drip', 'endless', 'raw', 'cut'].some((kind) => kind in rcpt);
}

class Conversation {
  readonly #server: ScriptedSmtpServer;
  readonly #timers: Set<NodeJS.Timeout>;
  #socket: Socket;
  #buffer = '';
  #inData = false;
  /** It has stopped answering: what arrives is still taken down. */
  #silent = false;
  /** What is still to leave byte by byte. */
  #unsaid = '';
  #closesAfter = false;
  #from = '';
  #to: string[] = [];

  constructor(server: ScriptedSmtpServer, socket: Socket, timers: Set<NodeJS.Timeout>) {
    this.#server = server;
    this.#socket = socket;
    this.#timers = timers;
  }

  begin(): void {
    this.#listen();
    const { greeting, greetAfterMs } = this.#server.script;
    const greet = () => this.#answer(greeting ?? '220 test.example ESMTP');
    if (greetAfterMs === undefined) greet();
    else this.#timers.add(setTimeout(greet, greetAfterMs));
  }

  #listen(): void {
    this.#socket.setEncoding('latin1');
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk: string) => {
      this.#buffer += chunk;
      const isTogether = this.#server.script.pace === 'packet';
      if (isTogether) this.#socket.cork();
      this.#read();
      if (isTogether) this.#socket.uncork();
    });
  }

  #read(): void {
    for (;;) {
      if (this.#inData) {
        const end = `\r\n${this.#buffer}`.indexOf('\r\n.\r\n');
        if (end < 0) return;
        const data = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 3);
        this.#inData = false;
        this.#onMessage(data);
        continue;
      }
      const end = this.#buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#buffer.slice(0, end);
      this.#buffer = this.#buffer.slice(end + 2);
      this.#server.commands.push(line);
      this.#onCommand(line);
    }
  }

  #onCommand(line: string): void {
    const { script } = this.#server;
    const verb = line.split(' ', 1).join('').toUpperCase();
    switch (verb) {
      case 'EHLO':
        return this.#answer(script.ehlo ?? this.#ehlo());
      case 'HELO':
        return this.#answer(script.helo ?? '250 test.example');
      case 'STARTTLS':
        return this.#starttls();
      case 'AUTH':
        return this.#answer(script.auth ?? '235 2.7.0 Authentication successful');
      case 'MAIL':
        this.#from = /<(.*)>/.exec(line)?.[1] ?? '';
        this.#to = [];
        return this.#answer(script.mail ?? '250 2.1.0 Ok');
      case 'RCPT':
        return this.#rcpt(/<(.*)>/.exec(line)?.[1] ?? '');
      case 'DATA': {
        if (this.#to.length === 0 && script.takesDataForNobody !== true)
          return this.#answer('554 5.5.1 No valid recipients');
        const answer = script.data ?? '354 Go ahead';
        this.#inData = typeof answer === 'string' && answer.startsWith('354');
        return this.#answer(answer);
      }
      case 'RSET':
        return this.#answer(script.rset ?? '250 2.0.0 Ok');
      case 'QUIT':
        return this.#answer(script.quit ?? { drop: '221 2.0.0 Bye' });
      default:
        return this.#answer('502 5.5.2 Unknown command');
    }
  }

  #ehlo(): string {
    const { script } = this.#server;
    const encrypted = this.#socket instanceof TLSSocket;
    const lines = [
      'test.example',
      ...(script.extensions ?? ['PIPELINING', 'AUTH PLAIN LOGIN', 'ENHANCEDSTATUSCODES']),
      ...(script.certificate !== undefined && !encrypted && script.stripStarttls !== true
        ? ['STARTTLS']
        : []),
      '8BITMIME',
    ];
    return lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');
  }

  #rcpt(address: string): void {
    const { rcpt } = this.#server.script;
    const answer =
      rcpt === undefined ? '250 2.1.5 Ok' : isAnswer(rcpt) ? rcpt : (rcpt[address] ?? '250 2.1.5 Ok');
    if (typeof answer === 'string' && /^25[01]/.test(answer)) this.#to.push(address);
    this.#answer(answer);
  }

  #starttls(): void {
    const { starttls, certificate, stripStarttls, injected } = this.#server.script;
    if (starttls !== undefined) return this.#answer(starttls);
    if (certificate === undefined || stripStarttls === true) {
      return this.#answer('502 5.5.1 Command not implemented');
    }
    this.#answer(`220 2.0.0 Ready to start TLS${injected === undefined ? '' : `\r\n${injected}`}`);
    this.#socket.removeAllListeners('data');
    const plain = this.#socket;
    this.#socket = new TLSSocket(plain, {
      isServer: true,
      ...certificate,
      ...this.#server.tlsOptions,
    });
    this.#buffer = '';
    this.#listen();
  }

  #onMessage(data: string): void {
    const { dot, closeIdle, thinkMs } = this.#server.script;
    this.#server.received++;
    const answer = dot ?? '250 2.0.0 Ok: queued';
    if (typeof answer === 'string' && answer.startsWith('250')) {
      this.#server.accepted.push({ from: this.#from, to: this.#to, data });
    }
    if (thinkMs === undefined) this.#answer(answer);
    else this.#timers.add(setTimeout(() => this.#answer(answer), thinkMs));
    if (closeIdle !== undefined) {
      const socket = this.#socket;
      this.#timers.add(setTimeout(() => socket.end(closeIdle.say), closeIdle.afterMs));
    }
  }

  #answer(answer: Answer): void {
    const socket = this.#socket;
    if (this.#silent) return;
    this.#silent = typeof answer === 'object' || ['hang', 'drop', 'reset'].includes(answer);
    if (answer === 'hang') return;
    if (answer === 'drop') return this.#say('', true);
    if (answer === 'reset') {
      // A moment later, or the client is told before it knows that it is connected.
      this.#timers.add(setTimeout(() => socket.resetAndDestroy(), 20));
      return;
    }
    if (typeof answer === 'string') {
      this.#say(`${answer}\r\n`);
      return;
    }
    if ('drop' in answer) return this.#say(`${answer.drop}\r\n`, true);
    if ('cut' in answer) return this.#say(answer.cut, true);
    if ('raw' in answer) {
      socket.write(answer.raw);
      return;
    }
    if ('endless' in answer) {
      // Much at a time: each write is a call of the system.
      const much = answer.endless.repeat(Math.ceil(POURED_CHARS / answer.endless.length));
      const pour = (): void => {
        while (!socket.destroyed && socket.write(much)) continue;
      };
      socket.on('drain', pour);
      pour();
      return;
    }
    let index = 0;
    const { drip } = answer;
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(drip[index++ % drip.length] ?? ' ');
    }, 10);
    this.#timers.add(timer);
  }

  /** `isLast`: the connection is closed after it. */
  #say(text: string, isLast = false): void {
    if (this.#server.script.pace !== 'bytes') {
      if (isLast) this.#socket.end(text);
      else this.#socket.write(text);
      return;
    }
    const isUnderWay = this.#unsaid !== '';
    this.#unsaid += text;
    this.#closesAfter ||= isLast;
    if (!isUnderWay) this.#sayByte();
  }

  #sayByte(): void {
    if (this.#socket.destroyed) return;
    if (this.#unsaid === '') {
      if (this.#closesAfter) this.#socket.end();
      return;
    }
    this.#socket.write(this.#unsaid.slice(0, 1));
    this.#unsaid = this.#unsaid.slice(1);
    setImmediate(() => this.#sayByte());
  }
}
