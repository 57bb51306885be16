import type { CancelTimer, Clock } from '../shared/model/clock.ts';

/** A wait that ended because time ran out or because it was called off. */
export type Ended = 'timeout' | 'aborted';

/**
 * Waits for `work`, but no longer than `limitMs` on the given clock and only until `signal` is aborted. `work` must
 * not reject; what it yields later is dropped, so whoever made it releases what it holds.
 */
export function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal | null,
  work: Promise<T>,
): Promise<{ readonly done: T } | { readonly ended: Ended }> {
  return new Promise((resolve) => {
    const finish = (result: { readonly done: T } | { readonly ended: Ended }): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => finish({ ended: 'aborted' });
    const cancel = clock.after(limitMs, () => finish({ ended: 'timeout' }));
    if (signal?.aborted === true) {
      finish({ ended: 'aborted' });
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    void work.then((done) => finish({ done }));
  });
}

/**
 * A deadline that is put off again and again: its timer is left to run, and looks when it wakes whether there is more time
 * by now. Setting one for each reply of each mail costs more than waking for nothing once a minute.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #onPassed: () => void;
  #dueMs = Number.POSITIVE_INFINITY;
  #wakesAtMs = Number.POSITIVE_INFINITY;
  #cancel: CancelTimer = () => {};

  constructor(clock: Clock, onPassed: () => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
  }

  /** From now on; whatever was set before no longer counts. */
  set(limitMs: number): void {
    this.#dueMs = this.#clock.monotonic() + limitMs;
    if (this.#wakesAtMs > this.#dueMs) this.#wakeIn(limitMs);
  }

  /** It does not pass until it is set again. */
  clear(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** Clears it and lets go of the timer. */
  end(): void {
    this.clear();
    this.#cancel();
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
  }

  #wakeIn(delayMs: number): void {
    this.#cancel();
    this.#wakesAtMs = this.#dueMs;
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#wakesAtMs = Number.POSITIVE_INFINITY;
      const leftMs = this.#dueMs - this.#clock.monotonic();
      if (leftMs <= 0) this.#onPassed();
      else if (leftMs !== Number.POSITIVE_INFINITY) this.#wakeIn(leftMs);
    });
  }
}
