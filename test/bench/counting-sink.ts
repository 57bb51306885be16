import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../integration/support/debian-package.ts';
import { freePort, makeScratchDir } from '../integration/support/scratch.ts';

/** Postfix's `smtp-sink`, and when it got what. */
export interface CountingSink {
  readonly port: number;
  /** How many messages it has got so far. */
  readonly count: () => number;
  /** Milliseconds from the first message after this call to the `count`th, by this process's clock, to LOOK_MS. */
  readonly timeOf: (count: number, timeoutMs: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface CountingSinkOptions {
  /** Any free one unless given. */
  readonly port?: number;
  /** Options of smtp-sink's own. */
  readonly words?: readonly string[];
}

/** How often the counter is looked at, in milliseconds: whoever woke for each message would take up a core beside the load. */
const LOOK_MS = 2;
/** The last of these bytes of its output hold the last counter whole. */
const TAIL_BYTES = 200;

/** Starts `smtp-sink -c`, which prints its counters at each message: into a file, whose end is looked at. */
export async function startCountingSink(options: CountingSinkOptions = {}): Promise<CountingSink> {
  const port = options.port ?? (await freePort());
  const scratch = makeScratchDir('tocsin-sink');
  const path = join(scratch.dir, 'counters');
  const output = openSync(path, 'w');
  const input = openSync(path, 'r');
  // As root it insists on becoming somebody else.
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const place = [...asUser, '-c', ...(options.words ?? []), `127.0.0.1:${port}`, '1024'];
  const child = spawn(programPath('smtp-sink') ?? 'smtp-sink', place, {
    stdio: ['ignore', output, 'ignore'],
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const tail = Buffer.alloc(TAIL_BYTES);
  let total = 0;
  const count = () => {
    const length = readSync(input, tail, 0, TAIL_BYTES, Math.max(0, fstatSync(input).size - TAIL_BYTES));
    const counters = [...tail.toString('latin1', 0, length).matchAll(/mesg=(\d+)/g)];
    total = Number(counters.at(-1)?.[1] ?? total);
    return total;
  };
  return {
    port,
    count,
    timeOf: (wanted, timeoutMs) =>
      new Promise((resolve, reject) => {
        const start = count();
        const began = performance.now();
        let firstAt: number | null = null;
        const look = setInterval(() => {
          const come = count() - start;
          const now = performance.now();
          if (come > 0) firstAt ??= now;
          if (come < wanted && now - began < timeoutMs) return;
          clearInterval(look);
          if (firstAt !== null && come >= wanted) resolve(now - firstAt);
          else reject(new Error(`only ${come} of ${wanted} messages came within ${timeoutMs} ms`));
        }, LOOK_MS);
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      closeSync(input);
      scratch.remove();
    },
  };
}
