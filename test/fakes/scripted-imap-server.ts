import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Encryption, LineListener, readLines } from './line-listener.ts';

export interface ImapScript extends Encryption {
  readonly greeting?: string;
  /** In place of OK to a login: `NO [AUTHENTICATIONFAILED] …`. */
  readonly login?: string;
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
  readonly #listener = new LineListener();

  constructor(script: ImapScript = {}) {
    this.script = script;
  }

  async start(): Promise<this> {
    this.port = await this.#listener.start(this.script, (socket) => {
      socket.write(this.script.greeting ?? '* OK ready\r\n');
      this.#serve(socket);
    });
    return this;
  }

  stop(): Promise<void> {
    return this.#listener.stop();
  }

  #serve(socket: Socket): void {
    readLines(socket, (line) => {
      const [tag = '', ...words] = line.split(' ');
      this.commands.push(words.join(' '));
      this.#answer(socket, tag, words);
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
        this.#serve(new TLSSocket(socket, { isServer: true, ...certificate }));
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
