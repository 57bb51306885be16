import type { Clock } from '../../../shared/model/clock.ts';

/** Settles as `promise` does, or rejects with `reason` after `deadlineMs`. What comes later is dropped. */
export function withDeadline<T>(
  clock: Clock,
  promise: Promise<T>,
  deadlineMs: number,
  reason: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(deadlineMs, () => reject(new Error(reason)));
    promise.then(resolve, reject).finally(cancel);
  });
}
