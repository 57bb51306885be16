import type { Clock } from '../shared/model/clock.ts';
import type { Acceptance, Quotas, RelayStore, Submission } from './store/relay-store.ts';

/**
 * How long the first of a batch waits at most for those that have arrived and are still being verified, in
 * milliseconds. A commit costs one sync of the disk however many messages it holds: 3,700 syncs of one record a second
 * were measured, 72,000 records at 64 in each.
 */
const GATHER_MS = 5;
const MOST_AT_ONCE = 64;

/** Gathers what arrives together into one transaction. */
export interface AcceptBatch {
  /** A message has arrived, and will be submitted or refused soon; batches wait a moment for it. Call what it returns then. */
  arriving(): () => void;
  /** Resolves when the answer is durable; rejects when nothing could be written, and then nothing was accepted. */
  submit(submission: Submission): Promise<Acceptance>;
  /** Resolves when nothing is under way any more. */
  drain(): Promise<void>;
}

export interface AcceptBatchOptions {
  readonly store: Pick<RelayStore, 'accept'>;
  readonly quotas: Quotas;
  readonly clock: Clock;
  /** Told after a batch is durable that held anything new. */
  readonly onAccepted: () => void;
}

interface Waiting {
  readonly submission: Submission;
  readonly resolve: (acceptance: Acceptance) => void;
  readonly reject: (error: unknown) => void;
}

export function createAcceptBatch({ store, quotas, clock, onAccepted }: AcceptBatchOptions): AcceptBatch {
  let waiting: Waiting[] = [];
  let cancelTimer: (() => void) | null = null;
  let underWay: Promise<void> = Promise.resolve();
  let arrivals = 0;

  const flush = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) underWay = underWay.then(() => write(batch));
  };

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const submissions = batch.map((each) => each.submission);
      const acceptances = await store.accept(submissions, quotas, clock.now());
      batch.forEach((each, index) => {
        const acceptance = acceptances[index];
        if (acceptance === undefined) each.reject(new Error('The store has given no answer'));
        else each.resolve(acceptance);
      });
      if (acceptances.some((each) => each.kind === 'accepted' && !each.repeated)) onAccepted();
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
  };

  return {
    arriving() {
      arrivals += 1;
      let counted = true;
      return () => {
        if (!counted) return;
        counted = false;
        arrivals -= 1;
        if (arrivals === 0) flush();
      };
    },
    submit(submission) {
      return new Promise((resolve, reject) => {
        waiting.push({ submission, resolve, reject });
        if (waiting.length >= MOST_AT_ONCE) flush();
        else cancelTimer ??= clock.after(GATHER_MS, flush);
      });
    },
    async drain() {
      flush();
      await underWay;
    },
  };
}
