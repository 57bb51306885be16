import { watch } from 'node:fs';
import type { SmtpSink } from './smtp-sink.ts';

/** Numbers in [0, 1) that follow from a seed, so that a run can be repeated (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What a kill aims at. `any`: a moment of the run, starting up included. `enqueue`: right after the store was written
 * to. `sending`: a message is on its way. `settling`: its final reply has just been sent.
 */
export type KillAim = 'any' | 'enqueue' | 'sending' | 'settling';

export const KILL_AIMS: readonly KillAim[] = ['any', 'enqueue', 'sending', 'settling'];

export interface KillMomentOptions {
  readonly aim: KillAim;
  readonly random: () => number;
  readonly dataDir: string;
  readonly sink: SmtpSink;
}

/** The longest that one run of the agent lasts, where nothing happens to aim at. */
const RUN_MS = 3500;

/** Waits until it is time to kill. */
export function killMoment({ aim, random, dataDir, sink }: KillMomentOptions): Promise<void> {
  return new Promise((resolve) => {
    let cancel: () => void = () => undefined;
    const after = (delayMs: number) => {
      setTimeout(() => {
        cancel();
        clearTimeout(limit);
        resolve();
      }, delayMs);
    };
    const limit = setTimeout(() => after(0), RUN_MS);
    switch (aim) {
      case 'any':
        return after(random() * RUN_MS * 0.8);
      case 'enqueue':
        cancel = onWrite(dataDir, 1 + Math.floor(random() * 6), () => after(random() * 6));
        return;
      case 'sending':
        cancel = onNth(sink, random() < 0.5 ? 'sender' : 'data', random, () => after(random() * 10));
        return;
      case 'settling':
        cancel = onNth(sink, 'replied', random, () => after(random() * 3));
        return;
    }
  });
}

/** At the first to twelfth time that a session gets there. */
function onNth(
  sink: SmtpSink,
  stage: 'sender' | 'data' | 'replied',
  random: () => number,
  run: () => void,
): () => void {
  let left = 1 + Math.floor(random() * 12);
  let cancel: () => void = () => undefined;
  const next = () => {
    cancel = sink.onNext(stage, () => {
      left -= 1;
      if (left === 0) run();
      else next();
    });
  };
  next();
  return () => cancel();
}

/** At the nth change of a file in the folder: SQLite appends each transaction to its write-ahead log. */
function onWrite(dir: string, nth: number, run: () => void): () => void {
  let left = nth;
  const watcher = watch(dir, (_event, name) => {
    if (name?.endsWith('-wal') !== true) return;
    left -= 1;
    if (left === 0) run();
  });
  return () => watcher.close();
}
