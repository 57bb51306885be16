import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from './certificates.ts';

export interface ImapScript {
  readonly greeting?: string;
  /** In place of OK to a login: `NO [AUTHENTICATIONFAILED] …`. */
  readonly login?: string;
  readonly certificate?: KeyAndCertificate;
  readonly implicitTls?: boolean;
  /** Verbs that are never answered. */
  readonly silent?: readonly string[];
}

/** An IMAP server with an INBOX in memory, by UID (RFC 3501, as much of it as a reader of mail needs). */
export class ScriptedImapServer {
  readonly script: ImapScript;
  readonly mails = new Map<number, string>();
  readonly commands: string[] = [];
  /** UIDs that were marked as read, which looking must not do. */
  readonly seen = new Set<number>();
  port = 0;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  constructor(script: ImapScript = {}) {
    this.script = script;
  }

  async start(): Promise<this> {
    const { certificate, implicitTls } = this.script;
    const serve = (socket: Socket) => this.#serve(socket, true);
    const server =
      implicitTls === true && certificate !== undefined
        ? createTlsServer({ ...certificate }, serve)
        : createServer(serve);
    server.on('tlsClientError', () => {});
    server.on('connection', (socket: Socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #serve(socket: Socket, greet: boolean): void {
    socket.on('error', () => {});
    if (greet) socket.write(this.script.greeting ?? '* OK ready\r\n');
    let rest = '';
    socket.on('data', (chunk) => {
      rest += String(chunk);
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const [tag = '', ...words] = line.split(' ');
        this.commands.push(words.join(' '));
        this.#answer(socket, tag, words);
      }
    });
  }

  #answer(socket: Socket, tag: string, words: readonly string[]): void {
    const verb = (words[0] === 'UID' ? words[1] : words[0])?.toUpperCase() ?? '';
    if (this.script.silent?.includes(verb) === true) return;
    const ok = (text = 'done') => socket.write(`${tag} OK ${text}\r\n`);
    const { certificate, implicitTls } = this.script;
    switch (verb) {
      case 'CAPABILITY': {
        const offersTls = certificate !== undefined && implicitTls !== true && !(socket instanceof TLSSocket);
        socket.write(`* CAPABILITY IMAP4rev1 UIDPLUS${offersTls ? ' STARTTLS' : ''}\r\n`);
        ok();
        return;
      }
      case 'STARTTLS':
        socket.removeAllListeners('data');
        ok('begin');
        this.#serve(new TLSSocket(socket, { isServer: true, ...certificate }), false);
        return;
      case 'LOGIN':
        socket.write(`${tag} ${this.script.login ?? 'OK logged in'}\r\n`);
        return;
      case 'LIST':
        socket.write('* LIST () "/" INBOX\r\n');
        ok();
        return;
      case 'SELECT':
        socket.write(
          `* ${this.mails.size} EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n* OK [UIDNEXT 1000] next\r\n`,
        );
        ok('[READ-WRITE] selected');
        return;
      case 'SEARCH':
        socket.write(`* SEARCH${[...this.mails.keys()].map((uid) => ` ${uid}`).join('')}\r\n`);
        ok();
        return;
      case 'FETCH':
        this.#fetch(socket, Number(words[2]), words.slice(3).join(' '));
        ok();
        return;
      case 'STORE':
      case 'NOOP':
        ok();
        return;
      case 'EXPUNGE': {
        const sequence = [...this.mails.keys()].indexOf(Number(words[2])) + 1;
        this.mails.delete(Number(words[2]));
        socket.write(`* ${sequence} EXPUNGE\r\n`);
        ok();
        return;
      }
      case 'LOGOUT':
        socket.write('* BYE\r\n');
        ok();
        socket.end();
        return;
      default:
        socket.write(`${tag} BAD unknown\r\n`);
    }
  }

  #fetch(socket: Socket, uid: number, items: string): void {
    const mail = this.mails.get(uid);
    if (mail === undefined) return;
    if (!items.includes('PEEK')) this.seen.add(uid);
    const sequence = [...this.mails.keys()].indexOf(uid) + 1;
    const isHeader = items.includes('HEADER');
    const body = isHeader ? `${mail.split('\r\n\r\n', 1)[0] ?? ''}\r\n\r\n` : mail;
    const name = isHeader ? 'BODY[HEADER]' : 'BODY[]<0>';
    socket.write(`* ${sequence} FETCH (UID ${uid} ${name} {${Buffer.byteLength(body)}}\r\n${body})\r\n`);
  }
}
