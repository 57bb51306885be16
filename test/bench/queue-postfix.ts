import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programPath } from '../integration/support/debian-package.ts';
import { startPostfix } from '../integration/support/postfix.ts';
import type { CountingSink } from './counting-sink.ts';
import { DRAIN_TIMEOUT_MS } from './queue-figures.ts';

const execute = promisify(execFile);

export interface PostfixQueueOptions {
  /** Whether it keeps what it takes in until it is told to send it. */
  readonly held: boolean;
  /** How many mails a round has. */
  readonly messages: number;
  readonly bodyBytes: number;
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
      enqueue: async (sessions) => {
        const started = performance.now();
        const size = ['-m', String(messages), '-l', String(bodyBytes)];
        const envelope = ['-f', 'tocsin@contoso.example', '-t', 'someone@elsewhere.example'];
        const words = ['-d', '-s', String(sessions), ...size, ...envelope, `127.0.0.1:${server.port}`];
        await execute(programPath('smtp-source') ?? 'smtp-source', words);
        return performance.now() - started;
      },
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
