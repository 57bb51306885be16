import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';
import type { Clock } from '../shared/model/clock.ts';
import { nodeCodeOf } from './resolve.ts';
import { summariseMail, type MailSummary } from './mail-summary.ts';
import { isMailName, nameFor, numberOf, readHead, syncFolder, timeOf } from './mail-files.ts';

export interface PracticeMailboxOptions {
  /** Where mails are kept, one file each; made when it is missing. */
  readonly folder: string;
  /** How many of the newest mails are kept. */
  readonly keep?: number;
  readonly clock: Clock;
}

/** A mail in the practice mailbox. */
export interface PracticeMail extends MailSummary {
  /** Its file name inside the folder. */
  readonly id: string;
  /** Wall-clock time of its arrival, in milliseconds. */
  readonly at: number;
  readonly sizeBytes: number;
}

/** A mail server of our own that sends nothing on: what Tocsin works with until a real one is set up. */
export interface PracticeMailbox {
  /** Listens on 127.0.0.1, on any free port; once started, gives that port again. Rejects when it cannot listen or the folder cannot be made. */
  start(): Promise<{ readonly port: number }>;
  /** Ends open connections within a second. */
  stop(): Promise<void>;
  /** Newest first. Works whether it has been started or not. */
  list(): Promise<readonly PracticeMail[]>;
  /** A mail as it came (RFC 5322); null when there is no such mail. */
  read(id: string): Promise<Buffer | null>;
}

/** Largest mail that is taken, in bytes: what most servers take, and far more than an alert needs. */
const MAX_BYTES = 10 * 1024 * 1024;

const KEEP = 200;
const CLOSE_TIMEOUT_MS = 500;
const SOCKET_TIMEOUT_MS = 120_000;

export function createPracticeMailbox(options: PracticeMailboxOptions): PracticeMailbox {
  return new FolderMailbox(options);
}

class FolderMailbox implements PracticeMailbox {
  readonly #folderDir: string;
  readonly #keep: number;
  readonly #clock: Clock;
  #server: SMTPServer | null = null;
  #starting: Promise<{ readonly port: number }> | null = null;
  /** Counts mails, over restarts too, so that the order of names is the order of arrival whatever the clock does. */
  #number = 0;
  /** Mails are put away one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ folder, keep, clock }: PracticeMailboxOptions) {
    this.#folderDir = folder;
    this.#keep = keep ?? KEEP;
    this.#clock = clock;
  }

  start(): Promise<{ readonly port: number }> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async #start(): Promise<{ readonly port: number }> {
    await fs.mkdir(this.#folderDir, { recursive: true, mode: 0o700 });
    await this.#removeLeftovers();
    this.#number = numberOf((await this.#names())[0]);
    // Loaded late: 19 MB that only those need who have no server of their own.
    const { SMTPServer } = await import('smtp-server');
    const server = new SMTPServer({
      name: 'practice-mailbox.localhost',
      banner: 'Tocsin practice mailbox: mail is kept here and not sent on',
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      size: MAX_BYTES,
      rejectOversized: true,
      closeTimeout: CLOSE_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      maxClients: 50,
      onData: (stream, session, done) => {
        void this.#answer(stream, session, done);
      },
    });
    const port = await listen(server);
    this.#server = server;
    return { port };
  }

  async stop(): Promise<void> {
    const starting = this.#starting;
    this.#starting = null;
    await starting?.catch(() => {});
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    await new Promise<void>((resolve) => server.close(resolve));
    await this.#last.catch(() => {});
  }

  async list(): Promise<readonly PracticeMail[]> {
    const names = await this.#names();
    const mails: PracticeMail[] = [];
    for (const id of names) {
      const head = await readHead(join(this.#folderDir, id));
      if (head === null) continue;
      mails.push({ id, at: timeOf(id), sizeBytes: head.sizeBytes, ...summariseMail(head.bytes) });
    }
    return mails;
  }

  async read(id: string): Promise<Buffer | null> {
    // A plain name that we gave: no path leads out of the folder.
    if (!isMailName(id)) return null;
    try {
      return await fs.readFile(join(this.#folderDir, id));
    } catch (error) {
      if (nodeCodeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }

  async #answer(
    stream: Readable,
    session: SMTPServerSession,
    done: (error: Error | null, text?: string) => void,
  ): Promise<void> {
    let name: string;
    try {
      name = await this.#take(stream, session);
    } catch (error) {
      done(refusal(error));
      return;
    }
    done(null, `2.0.0 Kept as ${name}`);
  }

  async #take(stream: Readable, session: SMTPServerSession): Promise<string> {
    const content = await collect(stream);
    const putAway = this.#last.then(() => this.#putAway(content, session));
    this.#last = putAway.catch(() => {});
    return putAway;
  }

  /** On disk under its own name before the sender is told so: a power cut loses nothing that was confirmed. */
  async #putAway(content: Buffer, session: SMTPServerSession): Promise<string> {
    const name = nameFor(this.#clock.now(), ++this.#number);
    const temporaryPath = join(this.#folderDir, `.${name}.tmp`);
    try {
      const file = await fs.open(temporaryPath, 'wx', 0o600);
      try {
        await file.writeFile(Buffer.concat([envelopeHeaders(session), content]));
        await file.sync();
      } finally {
        await file.close();
      }
      await fs.rename(temporaryPath, join(this.#folderDir, name));
    } catch (error) {
      await fs.rm(temporaryPath, { force: true });
      throw error;
    }
    await syncFolder(this.#folderDir);
    await this.#removeOldest();
    return name;
  }

  async #removeOldest(): Promise<void> {
    const names = await this.#names();
    for (const name of names.slice(this.#keep)) await fs.rm(join(this.#folderDir, name), { force: true });
  }

  /** What a crash left half written was never confirmed. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await fs.readdir(this.#folderDir)) {
      if (/^\..*\.eml\.tmp$/.test(name)) await fs.rm(join(this.#folderDir, name), { force: true });
    }
  }

  /** The names of the mails, newest first. */
  async #names(): Promise<string[]> {
    if ((await fs.stat(this.#folderDir).catch(() => null)) === null) return [];
    const names = await fs.readdir(this.#folderDir);
    return names.filter(isMailName).sort((one, other) => numberOf(other) - numberOf(one));
  }
}

/** Who it was from and for in the envelope, as mailboxes note it down (RFC 5321 4.4). */
function envelopeHeaders({ envelope }: SMTPServerSession): Buffer {
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const lines = [
    `Return-Path: <${from}>`,
    ...envelope.rcptTo.map(({ address }) => `Delivered-To: ${address}`),
  ].map((line) => line.replace(/[^\u0020-\u007e]/g, '?'));
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

/** All of a stream, but no more than the limit: what is above it is read and dropped, and then refused. */
async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= MAX_BYTES) chunks.push(chunk);
  }
  if (sizeBytes > MAX_BYTES) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
  return Buffer.concat(chunks);
}

/** RFC 3463: X.3.4 message too big, X.3.1 system full, X.3.0 other trouble of the system. */
function refusal(error: unknown): Error {
  const code = nodeCodeOf(error);
  if (code === 'EFBIG') return replyError(552, '5.3.4 The practice mailbox takes mails of up to 10 MiB');
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return replyError(452, '4.3.1 The disk of the practice mailbox is full');
  }
  return replyError(451, `4.3.0 The practice mailbox could not write the mail (${code ?? 'unknown'})`);
}

function replyError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.removeListener('error', reject);
      // A client that misbehaves is its own affair.
      server.on('error', () => {});
      const address = server.server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
