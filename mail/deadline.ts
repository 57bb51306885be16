import type { Clock } from '../shared/model/clock.ts';

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
