/** Cancels the timer it came from; calling it again does nothing. */
export type CancelTimer = () => void;

/**
 * Where time comes from. Everything outside `platform/` folders takes one of these instead of touching
 * `Date` or timers, so that tests can turn the hands.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. It may jump: use it to date things, never to measure them. */
  now(): number;
  /** Milliseconds since an arbitrary origin; never goes back. Use it to measure durations. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`; the timer does not keep the process alive by itself. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Randomness, injected for the same reason as the clock. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A new identifier, unique for ever, sortable by the time it was made (UUID version 7, RFC 9562 5.7). */
  id(now: number): string;
}

/** Waits on the injected clock. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
