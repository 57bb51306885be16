import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programPath } from '../integration/support/debian-package.ts';
import { startPostfix } from '../integration/support/postfix.ts';
import type { CountingSink } from './counting-sink.ts';
import { BODY_BYTES, DRAIN_TIMEOUT_MS, MESSAGES } from './queue-figures.ts';

const execute = promisify(execFile);

/** A Postfix that holds what it takes in until it is told to send it. All times in milliseconds. */
export interface PostfixQueue {
  readonly enqueue: (sessions: number) => Promise<number>;
  readonly drain: () => Promise<number>;
  readonly discard: () => Promise<void>;
}

/** Runs `use` with a private Postfix that relays to the sink. */
export async function withPostfixQueue(
  sink: CountingSink,
  use: (queue: PostfixQueue) => Promise<void>,
): Promise<void> {
  const server = await startPostfix({
    mailboxes: [],
    relayTo: `[127.0.0.1]:${sink.port}`,
    holdAll: true,
  });
  try {
    await use({
      enqueue: async (sessions) => {
        const started = performance.now();
        const size = ['-m', String(MESSAGES), '-l', String(BODY_BYTES)];
        const envelope = ['-f', 'tocsin@contoso.example', '-t', 'someone@elsewhere.example'];
        const words = ['-d', '-s', String(sessions), ...size, ...envelope, `127.0.0.1:${server.port}`];
        await execute(programPath('smtp-source') ?? 'smtp-source', words);
        return performance.now() - started;
      },
      drain: async () => {
        const drained = sink.timeOf(MESSAGES, DRAIN_TIMEOUT_MS);
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
