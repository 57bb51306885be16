import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import type { InHand } from './in-hand.ts';
import type { FinalFailure, Lease } from './lease.ts';

/** A send that has ended waits no longer than this for others to share its commit, in milliseconds. */
const GATHER_MS = 2;
/** A timer that comes so much later, in milliseconds, says that the process is too busy to wait for anybody … */
const LATE_MS = 8;
/** … and nothing is gathered for so long. */
const BUSY_MS = 1000;
/** What the disk does not take is tried again after this. */
const SETTLE_RETRY_MS = 5000;

/** What a worker is left with after a send. */
export interface Settled {
  /** The attempts as they were written down. */
  readonly attempts: readonly Attempt[];
  readonly failures: readonly FinalFailure[];
  readonly following: Lease | null;
}

export interface GroupSettleOptions {
  readonly clock: Clock;
  /** A send is waited for while its mail is pressing here, and no longer. */
  readonly inHand: InHand;
  /** Makes calls one commit. `isLate`: it may be on the disk a few milliseconds later. */
  readonly together: <Value>(calls: () => Value, isLate: boolean) => Value;
  /** Writes down what a send came to and leases the worker's next mail. Called in a commit. */
  readonly record: (lease: Lease, made: readonly Attempt[]) => Settled;
  readonly onFault: (error: unknown) => void;
}

/**
 * The end of sends. What has been sent must be written down, or it would be sent twice; waiting for the disk is most of
 * what a short send costs. So sends that end together are written down together, with the workers' next mails. A commit
 * of nothing but mail that was taken may share the disk's time with the next ones: no crash of the program takes it
 * back, and a power cut has sent again what was taken in the last few milliseconds.
 */
export interface GroupSettle {
  /** Resolves when it is durable: at once where no other send is under way. Never rejects; a full disk is waited for. */
  settle(lease: Lease, made: readonly Attempt[]): Promise<Settled>;
  /** Nothing is waited for any more: what has ended is written down now, and what the disk does not take is left. */
  stop(): void;
}

interface Ended {
  readonly lease: Lease;
  readonly made: readonly Attempt[];
  readonly done: (settled: Settled) => void;
}

/** Whether a server took it for everybody. All else has something that follows from it, and that must not be lost. */
function isAccepted(made: readonly Attempt[]): boolean {
  return (
    made.length > 0 && made.every(({ outcomes }) => outcomes.every(({ verdict }) => verdict === 'accepted'))
  );
}

export function createGroupSettle(options: GroupSettleOptions): GroupSettle {
  const { clock, inHand, together, record, onFault } = options;
  let gathered: Ended[] = [];
  let cancel: CancelTimer = () => {};
  let busyUntilMs = 0;
  let stopped = false;
  /** What the disk has not taken, each with what tries it again at once. */
  const waiting = new Set<() => void>();

  const commit = (group: readonly Ended[]): boolean => {
    try {
      const isLate = group.length > 1 && group.every(({ made }) => isAccepted(made));
      const write = () => group.map((one) => ({ one, settled: record(one.lease, one.made) }));
      const written = together(write, isLate);
      for (const { one, settled } of written) one.done(settled);
      return true;
    } catch (error) {
      onFault(error);
      return false;
    }
  };

  const flush = () => {
    cancel();
    const group = gathered;
    gathered = [];
    if (group.length === 0 || commit(group)) return;
    // What is wrong with one of them is no reason for the others to wait.
    for (const one of group) if (group.length === 1 || !commit([one])) retryLater(one);
  };

  const gather = () => {
    const dueMs = clock.monotonic() + GATHER_MS;
    cancel = clock.after(GATHER_MS, () => {
      const nowMs = clock.monotonic();
      if (nowMs > dueMs + LATE_MS) busyUntilMs = nowMs + BUSY_MS;
      flush();
    });
  };

  const retryLater = (one: Ended) => {
    if (stopped) {
      one.done({ attempts: one.made, failures: [], following: null });
      return;
    }
    inHand.putAside(one.lease.message.id);
    const again = () => {
      cancelRetry();
      waiting.delete(again);
      inHand.bringBack(one.lease.message.id);
      if (!commit([one])) retryLater(one);
    };
    const cancelRetry = clock.after(SETTLE_RETRY_MS, again);
    waiting.add(again);
  };

  return {
    settle(lease, made) {
      const { promise, resolve } = Promise.withResolvers<Settled>();
      inHand.bringBack(lease.message.id);
      gathered.push({ lease, made, done: resolve });
      const isComplete = gathered.length >= inHand.pressing;
      if (stopped || isComplete || clock.monotonic() < busyUntilMs) flush();
      else if (gathered.length === 1) gather();
      return promise;
    },
    stop() {
      stopped = true;
      flush();
      for (const again of waiting) again();
    },
  };
}
