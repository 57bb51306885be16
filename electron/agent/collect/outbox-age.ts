import type { MetricSource } from './source.ts';

/**
 * mail.outboxAgeSeconds: how long the oldest waiting mail has waited; 0 where none waits.
 * @param oldestWaitingAt wall-clock milliseconds at which the oldest waiting message was made, or null. A clock that
 * was set back meanwhile makes the age 0, never negative.
 */
export function createOutboxAgeSource(oldestWaitingAt: () => number | null): MetricSource {
  return {
    metrics: ['mail.outboxAgeSeconds'],
    measure(requests, time) {
      const oldest = oldestWaitingAt();
      const value = oldest === null ? 0 : Math.max(0, (time.now - oldest) / 1000);
      return requests.map(() => ({ value }));
    },
  };
}
