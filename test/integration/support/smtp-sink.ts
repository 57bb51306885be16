import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Acceptance, readJournal } from './smtp-sink-journal.ts';

/** How the sink behaves; by default it takes everything at once. */
export interface SinkOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** How long it thinks before it answers the final dot, at random between the two. */
  readonly replyDelayMs?: { readonly min: number; readonly max: number };
  /** Takes every nth message, but cuts the connection instead of saying so. */
  readonly cutEvery?: number;
}

/** Where a session of the sink has got to. */
type SinkStage = 'sender' | 'data' | 'accepted' | 'replied';

export type SinkEvent =
  | { readonly stage: SinkStage }
  | { readonly stage: 'listening'; readonly port: number };

/** An SMTP server in a process of its own, which outlives the agent and writes down what it took. */
export interface SmtpSink {
  readonly port: number;
  readonly pid: number;
  /** Every acceptance so far, oldest first, as the journal has it. */
  readonly acceptances: () => Acceptance[];
  /** Calls `listener` the next time a session gets to `stage`; the returned function takes it back. */
  readonly onNext: (stage: SinkStage, listener: () => void) => () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a sink on loopback whose journal is `sink.jsonl` in `dir`. */
export async function startSmtpSink(dir: string, options: SinkOptions = {}): Promise<SmtpSink> {
  const journalPath = join(dir, 'sink.jsonl');
  writeFileSync(journalPath, '');
  const child = fork(
    join(import.meta.dirname, 'smtp-sink-server.ts'),
    [JSON.stringify({ ...options, journalPath })],
    { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const listeners = new Set<{ readonly stage: SinkStage; readonly run: () => void }>();
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error('The sink ended before it listened')));
    child.on('message', (event: SinkEvent) => {
      if (event.stage === 'listening') resolve(event.port);
      for (const listener of listeners) {
        if (listener.stage !== event.stage) continue;
        listeners.delete(listener);
        listener.run();
      }
    });
  });
  return {
    port,
    pid: child.pid ?? 0,
    acceptances: () => readJournal(journalPath),
    onNext: (stage, run) => {
      const listener = { stage, run };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
