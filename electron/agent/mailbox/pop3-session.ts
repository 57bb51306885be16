import type { Socket } from 'node:net';
import { connectAny } from '../../../mail/connect.ts';
import { withDeadline } from '../../../mail/deadline.ts';
import { createResolver } from '../../../mail/resolve.ts';
import { judgeFailure } from '../../../mail/smtp-reply.ts';
import { encrypt, peerTrust } from '../../../mail/tls.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Stage } from '../../../shared/model/delivery.ts';
import {
  CONNECT_MS,
  MAIL_MAX_BYTES,
  type MailboxServer,
  type MailboxSession,
  MailboxTrouble,
} from './mailbox-session.ts';
import { Pop3Wire } from './pop3-wire.ts';

/** Of a mail that is larger than is read, so many lines are asked for; of others, more than they can have. */
const BEGINNING_LINES = 2000;
const ALL_LINES = MAIL_MAX_BYTES;
const LIST_MAX_BYTES = 8 * 1024 * 1024;
const HEADERS_MAX_BYTES = 256 * 1024;

/** Opens a POP3 mailbox; rejects with a MailboxTrouble. The password goes out only after the encryption that was asked for. */
export async function openPop3(
  server: MailboxServer,
  password: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<MailboxSession> {
  const socket = await connectTo(server, clock, signal);
  let wire = new Pop3Wire(socket, clock, signal, [password]);
  try {
    const greeting = await wire.reply();
    if (!greeting.ok) throw wire.trouble('smtp_temporary', greeting.text);
    if (server.security === 'starttls') {
      wire.stage = 'tls';
      const answer = await wire.command('STLS');
      if (!answer.ok) throw wire.trouble('smtp_starttls_missing', answer.text);
      wire = new Pop3Wire(await secure(wire.release(), server, clock, signal), clock, signal, [password]);
    }
    await logIn(wire, server.user, password);
  } catch (error) {
    wire.destroy();
    throw error;
  }
  return new Pop3Session(wire);
}

async function connectTo(server: MailboxServer, clock: Clock, signal: AbortSignal): Promise<Socket> {
  const looked = await withDeadline(clock, CONNECT_MS, signal, createResolver()(server.host));
  if ('ended' in looked) throw failed('dns', null);
  if ('nodeCode' in looked.done) throw failed('dns', looked.done.nodeCode);
  const { addresses } = looked.done;
  const connected = await within(clock, signal, (stop) => connectAny(addresses, server.port, clock, stop));
  if ('nodeCode' in connected) throw failed('connect', connected.nodeCode);
  return server.security === 'tls' ? secure(connected.socket, server, clock, signal) : connected.socket;
}

async function secure(
  socket: Socket,
  server: MailboxServer,
  clock: Clock,
  signal: AbortSignal,
): Promise<Socket> {
  const { host } = server;
  const secured = await within(clock, signal, (stop) =>
    encrypt(socket, { host, trust: peerTrust(server), now: clock.now(), signal: stop }),
  );
  if ('nodeCode' in secured) {
    socket.destroy();
    throw failed('tls', secured.nodeCode);
  }
  return secured.socket;
}

function failed(stage: Stage, nodeCode: string | null): MailboxTrouble {
  const { code } = judgeFailure(stage, nodeCode === null ? 'timeout' : 'system', nodeCode);
  return new MailboxTrouble({ stage, code, reply: null });
}

async function within<T>(
  clock: Clock,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const cancel = clock.after(CONNECT_MS, () => stop.abort());
  try {
    return await work(AbortSignal.any([stop.signal, signal]));
  } finally {
    cancel();
  }
}

/** Answers that speak of now, not of the password (RFC 2449 8.1, RFC 3206). */
const NOT_NOW = /^\[(?:IN-USE|LOGIN-DELAY|SYS\/TEMP|SYS\/PERM)\]/i;

async function logIn(wire: Pop3Wire, user: string, password: string): Promise<void> {
  wire.stage = 'auth';
  for (const command of [`USER ${user}`, `PASS ${password}`]) {
    const answer = await wire.command(command);
    if (answer.ok) continue;
    throw wire.trouble(NOT_NOW.test(answer.text) ? 'smtp_temporary' : 'mailbox_login_failed', answer.text);
  }
  wire.stage = 'data';
}

class Pop3Session implements MailboxSession {
  readonly #wire: Pop3Wire;
  /** Names of mails and the numbers they have in this session. */
  readonly #numbers = new Map<string, number>();

  constructor(wire: Pop3Wire) {
    this.#wire = wire;
  }

  async list(): Promise<readonly string[]> {
    const answer = await this.#wire.command('UIDL');
    if (!answer.ok) throw this.#wire.trouble('smtp_temporary', answer.text);
    const text = (await this.#wire.lines(LIST_MAX_BYTES)).toString('latin1');
    this.#numbers.clear();
    for (const line of text.split('\r\n')) {
      const [, number, uid] = /^(\d{1,10}) ([\x21-\x7e]{1,200})$/.exec(line.trim()) ?? [];
      if (number !== undefined && uid !== undefined) this.#numbers.set(uid, Number(number));
    }
    return [...this.#numbers.keys()];
  }

  async headers(uid: string): Promise<string> {
    const number = this.#number(uid);
    const top = await this.#wire.command(`TOP ${number} 0`);
    if (top.ok) return (await this.#wire.lines(HEADERS_MAX_BYTES)).toString('latin1');
    const mail = (await this.read(uid)) ?? new Uint8Array();
    return Buffer.from(mail).toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  }

  async read(uid: string): Promise<Uint8Array | null> {
    const number = this.#number(uid);
    const size = await this.#wire.command(`LIST ${number}`);
    const bytes = Number(/^\d+ (\d+)/.exec(size.text)?.[1] ?? Number.NaN);
    const isSmall = size.ok && bytes <= MAIL_MAX_BYTES;
    // RETR would mark the mail as read for whoever else looks into the mailbox; TOP does not.
    const top = await this.#wire.command(`TOP ${number} ${isSmall ? ALL_LINES : BEGINNING_LINES}`);
    const answer = top.ok || !isSmall ? top : await this.#wire.command(`RETR ${number}`);
    return answer.ok ? this.#wire.lines(MAIL_MAX_BYTES) : null;
  }

  async remove(uid: string): Promise<void> {
    await this.#wire.command(`DELE ${this.#number(uid)}`);
  }

  /** Only QUIT makes removals count (RFC 1939 6). */
  async close(): Promise<void> {
    try {
      await this.#wire.command('QUIT');
    } finally {
      this.#wire.destroy();
    }
  }

  #number(uid: string): number {
    const number = this.#numbers.get(uid);
    if (number === undefined) throw this.#wire.trouble('smtp_temporary', null);
    return number;
  }
}
