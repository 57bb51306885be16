import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';

/** Calls `run` at once and then every `intervalMs`, without drift. A run that takes longer is never run beside itself. */
export interface Ticker {
  stop(): Promise<void>;
}

export interface TickerOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly run: () => Promise<void>;
  /** Told of an exception that `run` let out; the next tick comes all the same. */
  readonly onFault: (error: unknown) => void;
}

export function startTicker(options: TickerOptions): Ticker {
  const { clock, intervalMs } = options;
  let stopped = false;
  let cancel: CancelTimer = () => {};
  let dueMs = clock.monotonic();
  let running: Promise<void> = Promise.resolve();

  const tick = () => {
    running = options
      .run()
      .catch(options.onFault)
      .then(() => {
        if (stopped) return;
        // Missed ticks are not made up for: after sleep, one check of how things are now is what is wanted.
        dueMs = Math.max(dueMs + intervalMs, clock.monotonic());
        cancel = clock.after(dueMs - clock.monotonic(), tick);
      });
  };
  tick();

  return {
    stop() {
      stopped = true;
      cancel();
      return running;
    },
  };
}
