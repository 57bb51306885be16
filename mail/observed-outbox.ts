import type { Attempt } from '../shared/model/delivery.ts';
import type { Message } from '../shared/model/message.ts';
import type { FinalFailure, Outbox } from './outbox.ts';

/** What is told of a send or of giving up, inside the transaction that writes it down. */
export interface OutboxObserver {
  settled(
    message: Message,
    attempts: readonly Attempt[],
    failures: readonly FinalFailure[],
    now: number,
  ): void;
  expired(failures: readonly FinalFailure[], now: number): void;
}

/**
 * The same outbox, whose observer writes what follows from a failure in one commit with the failure itself: a crash
 * keeps both or neither.
 */
export function observedOutbox(outbox: Outbox, observer: OutboxObserver): Outbox {
  return {
    ...outbox,
    settle: (lease, attempts, now) =>
      outbox.together(() => {
        const failures = outbox.settle(lease, attempts, now);
        observer.settled(lease.message, attempts, failures, now);
        return failures;
      }),
    expire: (route, now, code) =>
      outbox.together(() => {
        const failures = outbox.expire(route, now, code);
        observer.expired(failures, now);
        return failures;
      }),
  };
}
