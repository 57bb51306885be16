import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from '../integration/support/debian-package.ts';
import { greets, type Postfix, startPostfix } from '../integration/support/postfix.ts';
import { freePort, waitFor } from '../integration/support/scratch.ts';
import { type CountingSink, startCountingSink } from './counting-sink.ts';
import { DRAIN_TIMEOUT_MS } from './queue-figures.ts';

const execute = promisify(execFile);
/** As many at once as Postfix itself opens to one destination at first. */
const SESSIONS = 5;

export interface MailLoad {
  /** How many mails a round has. */
  readonly messages: number;
  readonly bodyBytes: number;
}

export interface PostfixQueueOptions extends MailLoad {
  /** Whether it keeps what it takes in until it is told to send it. */
  readonly held: boolean;
}

/** A Postfix with its defaults. All times in milliseconds. */
export interface PostfixQueue {
  /** Sends it the mails over so many sessions that stay open, and waits for the last of its 250. */
  readonly enqueue: (sessions: number) => Promise<number>;
  readonly drain: () => Promise<number>;
  readonly discard: () => Promise<void>;
}

/** Runs `use` with a private Postfix that relays to the sink. */
export async function withPostfixQueue(
  sink: CountingSink,
  { held, messages, bodyBytes }: PostfixQueueOptions,
  use: (queue: PostfixQueue) => Promise<void>,
): Promise<void> {
  const server = await startPostfix({
    mailboxes: [],
    relayTo: `[127.0.0.1]:${sink.port}`,
    holdAll: held,
  });
  try {
    await use({
      enqueue: (sessions) => enqueue(server, { messages, bodyBytes }, sessions),
      drain: async () => {
        const drained = sink.timeOf(messages, DRAIN_TIMEOUT_MS);
        await server.command('postsuper', '-H', 'ALL');
        await server.command('postqueue', '-f');
        return drained;
      },
      discard: async () => {
        await server.command('postsuper', '-d', 'ALL');
      },
    });
  } finally {
    await server.stop();
  }
}

/**
 * What an administrator would call draining: mail came in while the next server was away, and waits; the server is
 * back, and `postqueue -f` is given. Milliseconds from the first of it to the last. `mostConnections`: to that server;
 * Postfix's own limit unless given.
 */
export async function postfixDrainAfterOutage(load: MailLoad, mostConnections?: number): Promise<number> {
  const port = await freePort();
  const limit = mostConnections === undefined ? {} : { mostConnections };
  const server = await startPostfix({ mailboxes: [], relayTo: `[127.0.0.1]:${port}`, ...limit });
  try {
    await enqueue(server, load, SESSIONS);
    const queueDir = (await server.command('postconf', '-h', 'queue_directory')).trim();
    await waitFor('all mail to be deferred', () => (deferred(queueDir) >= load.messages ? true : null));
    const sink = await startCountingSink({ port });
    try {
      const drained = sink.timeOf(load.messages, DRAIN_TIMEOUT_MS);
      await waitFor('the server to be back', () => greets(port), 5000, 20);
      await server.command('postqueue', '-f');
      return await drained;
    } finally {
      await sink.stop();
    }
  } finally {
    await server.stop();
  }
}

/** Mail that comes in and goes out at the same time: milliseconds from the first of it sent to the last that arrived. */
export async function postfixThrough(sink: CountingSink, load: MailLoad): Promise<number> {
  const server = await startPostfix({ mailboxes: [], relayTo: `[127.0.0.1]:${sink.port}` });
  try {
    const before = sink.count();
    const started = performance.now();
    await enqueue(server, load, SESSIONS);
    await waitFor(
      'all mail to arrive',
      () => (sink.count() - before >= load.messages ? true : null),
      DRAIN_TIMEOUT_MS,
      5,
    );
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

/** Over so many sessions that stay open; milliseconds until the last 250. */
async function enqueue(server: Postfix, load: MailLoad, sessions: number): Promise<number> {
  const started = performance.now();
  const size = ['-m', String(load.messages), '-l', String(load.bodyBytes)];
  const envelope = ['-f', 'tocsin@contoso.example', '-t', 'someone@elsewhere.example'];
  const words = ['-d', '-s', String(sessions), ...size, ...envelope, `127.0.0.1:${server.port}`];
  await execute(programPath('smtp-source') ?? 'smtp-source', words);
  return performance.now() - started;
}

/** How many mails wait to be tried again. */
function deferred(queueDir: string): number {
  return readdirSync(join(queueDir, 'deferred'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;
}
