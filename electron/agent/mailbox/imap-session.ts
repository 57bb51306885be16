import type { ImapFlow } from 'imapflow';
import { nodeCodeOf } from '../../../mail/resolve.ts';
import { cleanReply, judgeFailure } from '../../../mail/smtp-reply.ts';
import { trustContext } from '../../../mail/tls.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import {
  COMMAND_MS,
  CONNECT_MS,
  MAIL_MAX_BYTES,
  type MailboxFailure,
  type MailboxServer,
  type MailboxSession,
  MailboxTrouble,
} from './mailbox-session.ts';

/** Older mails are not looked at: a notification comes within the five days that servers try, or little later. */
const SINCE_MS = 8 * 24 * 3_600_000;

/** Opens the INBOX of an IMAP account; rejects with a MailboxTrouble. */
export async function openImap(
  server: MailboxServer,
  password: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<MailboxSession> {
  // Loaded when a mailbox is read by IMAP: 6 MB.
  const { ImapFlow: Client } = await import('imapflow');
  const client = new Client({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    doSTARTTLS: server.security === 'starttls',
    tls: server.security === 'none' ? {} : { secureContext: trustContext(server.ca) },
    auth: { user: server.user, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: COMMAND_MS,
    maxLiteralSize: 4 * MAIL_MAX_BYTES,
    maxLineLength: 4 * MAIL_MAX_BYTES,
    maxResponseSize: 16 * MAIL_MAX_BYTES,
  });
  // What goes wrong is told by the command under way; without a listener it would end the process.
  client.on('error', () => {});
  const onAbort = () => client.close();
  signal.addEventListener('abort', onAbort, { once: true });
  const session = new ImapSession(client, clock, (error, isOpen) => failureOf(error, isOpen, password));
  try {
    await session.open();
  } catch (error) {
    client.close();
    throw error;
  }
  return session;
}

type Judge = (error: unknown, isOpen: boolean) => MailboxFailure;

class ImapSession implements MailboxSession {
  readonly #client: ImapFlow;
  readonly #clock: Clock;
  readonly #judge: Judge;
  #isOpen = false;
  #validity = '';

  constructor(client: ImapFlow, clock: Clock, judge: Judge) {
    this.#client = client;
    this.#clock = clock;
    this.#judge = judge;
  }

  async open(): Promise<void> {
    await this.#tell(async () => {
      await this.#client.connect();
      this.#isOpen = true;
      const { uidValidity } = await this.#client.mailboxOpen('INBOX');
      this.#validity = String(uidValidity);
    });
  }

  /** Names bear the validity of the folder's numbers: when that changes, the numbers belong to other mails (RFC 9051 2.3.1.1). */
  list(): Promise<readonly string[]> {
    return this.#tell(async () => {
      const since = new Date(this.#clock.now() - SINCE_MS);
      const found = await this.#client.search({ since }, { uid: true });
      if (!Array.isArray(found)) throw this.#trouble('smtp_temporary');
      return found.toSorted((a, b) => a - b).map((uid) => `${this.#validity}.${uid}`);
    });
  }

  headers(uid: string): Promise<string> {
    return this.#tell(async () => {
      const mail = await this.#client.fetchOne(numberOf(uid), { headers: true }, { uid: true });
      return mail === false || mail === undefined ? '' : (mail.headers?.toString('latin1') ?? '');
    });
  }

  read(uid: string): Promise<Uint8Array | null> {
    return this.#tell(async () => {
      const source = { start: 0, maxLength: MAIL_MAX_BYTES };
      const mail = await this.#client.fetchOne(numberOf(uid), { source }, { uid: true });
      return mail === false || mail === undefined ? null : (mail.source ?? null);
    });
  }

  async remove(uid: string): Promise<void> {
    await this.#tell(() => this.#client.messageDelete(numberOf(uid), { uid: true }));
  }

  async close(): Promise<void> {
    try {
      await this.#client.logout();
    } catch {
      this.#client.close();
    }
  }

  #trouble(code: MailboxFailure['code']): MailboxTrouble {
    return new MailboxTrouble({ stage: 'data', code, reply: null });
  }

  async #tell<Value>(work: () => Promise<Value>): Promise<Value> {
    let value: Value;
    try {
      value = await work();
    } catch (error) {
      if (error instanceof MailboxTrouble) throw error;
      throw new MailboxTrouble(this.#judge(error, this.#isOpen));
    }
    // imapflow answers "none" to a command that a lost connection has cut off: no mail may count as gone for that.
    if (!this.#client.usable) throw this.#trouble('smtp_blocked');
    return value;
  }
}

function numberOf(uid: string): string {
  return uid.slice(uid.indexOf('.') + 1);
}

/** Codes of imapflow's own, and what they are called here. */
const CODES: ReadonlyMap<string, MailboxFailure['code']> = new Map<string, MailboxFailure['code']>([
  ['CONNECT_TIMEOUT', 'smtp_connection_timeout'],
  ['GREETING_TIMEOUT', 'smtp_connection_timeout'],
  ['UPGRADE_TIMEOUT', 'smtp_tls_failed'],
  ['ETIMEOUT', 'smtp_connection_timeout'],
  ['NoConnection', 'smtp_blocked'],
]);

/** Answers that speak of now, not of the password (RFC 5530). */
const NOT_NOW: ReadonlySet<string> = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG']);

function failureOf(error: unknown, isOpen: boolean, password: string): MailboxFailure {
  const fields: Partial<Record<string, unknown>> =
    error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  const { authenticationFailed, responseText, serverResponseCode, tlsFailed } = fields;
  const words = typeof responseText === 'string' ? responseText : null;
  const reply = words === null ? null : cleanReply(words.slice(0, 500), [password]);
  if (authenticationFailed === true) {
    const isNotNow = typeof serverResponseCode === 'string' && NOT_NOW.has(serverResponseCode.toUpperCase());
    return { stage: 'auth', code: isNotNow ? 'smtp_temporary' : 'mailbox_login_failed', reply };
  }
  const code = nodeCodeOf(error);
  const known = code === null ? undefined : CODES.get(code);
  // Without a code: the server offers no STARTTLS, and nothing was said in clear.
  if (tlsFailed === true && code === null) return { stage: 'tls', code: 'smtp_starttls_missing', reply };
  const isTls = tlsFailed === true || /^(?:CERT|DEPTH|SELF|UNABLE|ERR_TLS|ERR_SSL)/.test(code ?? '');
  const stage = isOpen ? 'data' : isTls ? 'tls' : 'connect';
  if (known !== undefined) return { stage, code: known, reply };
  if (isOpen && code === null) return { stage, code: 'smtp_temporary', reply };
  return { stage, code: judgeFailure(stage, code === null ? 'closed' : 'system', code).code, reply };
}
