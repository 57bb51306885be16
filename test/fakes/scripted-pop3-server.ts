import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Encryption, LineListener, readLines } from './line-listener.ts';

/** What the server does instead of its usual answer; `hang` says nothing, `drop` closes, `drip` never ends. */
export interface Pop3Script extends Encryption {
  readonly greeting?: string;
  readonly user?: string;
  readonly pass?: string;
  readonly uidl?: string;
  readonly top?: string;
  readonly quit?: string;
  readonly stls?: string;
  /** Answers arrive in pieces of so many bytes. */
  readonly pieceBytes?: number;
}

/** A POP3 server over mails in memory, by their UIDLs. Removals count at QUIT. */
export class ScriptedPop3Server {
  script: Pop3Script;
  readonly mails = new Map<string, string>();
  readonly commands: string[] = [];
  connections = 0;
  port = 0;
  /** Called before a connection is greeted, to bring the mails up to date. */
  onConnect: () => void = () => {};
  readonly #listener = new LineListener();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(script: Pop3Script = {}) {
    this.script = script;
  }

  async start(): Promise<this> {
    this.port = await this.#listener.start(this.script, (socket) => {
      this.connections += 1;
      this.onConnect();
      this.#say(socket, this.script.greeting ?? '+OK ready');
      this.#serve(socket);
    });
    return this;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#listener.stop();
  }

  get open(): number {
    return this.#listener.open;
  }

  #serve(socket: Socket): void {
    const removed = new Set<string>();
    const uids = [...this.mails.keys()];
    readLines(socket, (line) => {
      this.commands.push(line);
      this.#answer(socket, line, uids, removed);
    });
  }

  #answer(socket: Socket, line: string, uids: readonly string[], removed: Set<string>): void {
    const [verb = '', number = '', lines = ''] = line.split(' ');
    const uid = uids[Number(number) - 1] ?? '';
    const mail = this.mails.get(uid) ?? '';
    const say = (text: string) => this.#say(socket, text);
    switch (verb) {
      case 'USER':
        return say(this.script.user ?? '+OK');
      case 'PASS':
        return say(this.script.pass ?? '+OK logged in');
      case 'UIDL': {
        const lines = uids.map((each, index) => `${index + 1} ${each}\r\n`).join('');
        return say(this.script.uidl ?? `+OK\r\n${lines}.`);
      }
      case 'LIST':
        return say(`+OK ${number} ${Buffer.byteLength(mail)}`);
      case 'TOP':
        return say(this.script.top ?? `+OK\r\n${stuffed(topOf(mail, Number(lines)))}\r\n.`);
      case 'RETR':
        return say(`+OK\r\n${stuffed(mail)}\r\n.`);
      case 'DELE':
        removed.add(uid);
        return say('+OK');
      case 'QUIT':
        if (this.script.quit === undefined) for (const each of removed) this.mails.delete(each);
        return say(this.script.quit ?? '+OK bye');
      case 'STLS': {
        const { certificate } = this.script;
        if (certificate === undefined || this.script.stls !== undefined)
          return say(this.script.stls ?? '-ERR no');
        socket.removeAllListeners('data');
        socket.write('+OK begin\r\n');
        this.#serve(new TLSSocket(socket, { isServer: true, ...certificate }));
        return;
      }
      default:
        return say('-ERR unknown');
    }
  }

  #say(socket: Socket, text: string): void {
    if (text === 'hang') return;
    if (text === 'drop') {
      socket.destroy();
      return;
    }
    if (text === 'drip') {
      this.#timers.add(setInterval(() => socket.write('x'), 5));
      return;
    }
    const bytes = Buffer.from(`${text}\r\n`, 'latin1');
    const { pieceBytes = bytes.length } = this.script;
    for (let at = 0; at < bytes.length; at += pieceBytes) socket.write(bytes.subarray(at, at + pieceBytes));
  }
}

function stuffed(text: string): string {
  return text.replace(/^\./gm, '..');
}

/** The headers, the blank line and so many lines of what follows (RFC 1939 7). */
function topOf(mail: string, lines: number): string {
  const end = mail.indexOf('\r\n\r\n');
  if (end < 0) return mail;
  const body = mail.slice(end + 4).split('\r\n');
  return `${mail.slice(0, end)}\r\n${body
    .slice(0, lines)
    .map((line) => `\r\n${line}`)
    .join('')}`;
}
