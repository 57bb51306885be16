import { spawn } from 'node:child_process';
import { programPath } from '../integration/support/debian-package.ts';
import { freePort } from '../integration/support/scratch.ts';

/** Postfix's `smtp-sink`, and when it got what. */
export interface CountingSink {
  readonly port: number;
  /** How many messages it has got so far. */
  readonly count: () => number;
  /** Milliseconds from the first message after this call to the `count`th, by this process's clock. */
  readonly timeOf: (count: number, timeoutMs: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface CountingSinkOptions {
  /** Any free one unless given. */
  readonly port?: number;
  /** Options of smtp-sink's own. */
  readonly words?: readonly string[];
}

/** Starts `smtp-sink -c`, which prints its counters at each message. */
export async function startCountingSink(options: CountingSinkOptions = {}): Promise<CountingSink> {
  const port = options.port ?? (await freePort());
  // As root it insists on becoming somebody else.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const place = [...asUser, '-c', ...(options.words ?? []), `127.0.0.1:${port}`, '1024'];
  const child = spawn(programPath('smtp-sink') ?? 'smtp-sink', place, {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let total = 0;
  let changed: () => void = () => undefined;
  child.stdout.on('data', (chunk) => {
    const counts = [...String(chunk).matchAll(/mesg=(\d+)/g)];
    total = Number(counts.at(-1)?.[1] ?? total);
    changed();
  });
  return {
    port,
    count: () => total,
    timeOf: (count, timeoutMs) =>
      new Promise((resolve, reject) => {
        const start = total;
        let firstAt: number | null = null;
        const limit = setTimeout(
          () => reject(new Error(`only ${total - start} of ${count} messages came within ${timeoutMs} ms`)),
          timeoutMs,
        );
        changed = () => {
          if (total > start) firstAt ??= performance.now();
          if (firstAt === null || total < start + count) return;
          changed = () => undefined;
          clearTimeout(limit);
          resolve(performance.now() - firstAt);
        };
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
