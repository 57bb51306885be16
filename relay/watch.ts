import type { Clock } from '../shared/model/clock.ts';
import type { OperatorMail } from './operator-mail.ts';
import type { RelayStore } from './store/relay-store.ts';

const SILENCE_EVERY_MS = 1000;
/** After a fault, such as a full disk. */
const RETRY_MS = 10_000;
const PRUNE_EVERY_MS = 60 * 60_000;
/** Between the steps of one pruning, so that nobody waits for it. */
const PRUNE_STEP_MS = 50;
/** DEFAULTS: ids are kept 30 days, which outlasts every retry of an installation (5 days). */
const KEEP_MS = 30 * 24 * 60 * 60_000;

export interface WatchOptions {
  readonly store: Pick<RelayStore, 'reportSilence' | 'prune'>;
  readonly operatorMail: OperatorMail;
  readonly clock: Clock;
  /** Told when mail about silence has entered the outbox. */
  readonly onReported: () => void;
  readonly onFault: (error: unknown) => void;
}

/** What the service does by itself: it notices silence (B9), and forgets what is old. Returns what ends it. */
export function startWatch({ store, operatorMail, clock, onReported, onFault }: WatchOptions): () => void {
  let stopped = false;
  const cancels = new Map<string, () => void>();
  const every = (name: string, firstMs: number, work: () => Promise<number>) => {
    const turn = (delayMs: number): void => {
      if (stopped) return;
      const run = () =>
        void work()
          .catch((error: unknown) => {
            onFault(error);
            return RETRY_MS;
          })
          .then(turn);
      cancels.set(name, clock.after(delayMs, run));
    };
    turn(firstMs);
  };

  every('silence', SILENCE_EVERY_MS, async () => {
    const now = clock.now();
    const reported = await store.reportSilence(now, (installation) => operatorMail.silent(installation, now));
    if (reported > 0) onReported();
    return SILENCE_EVERY_MS;
  });
  every('prune', PRUNE_STEP_MS, async () => {
    const now = clock.now();
    const forgotten = await store.prune(now - KEEP_MS, now);
    return forgotten > 0 ? PRUNE_STEP_MS : PRUNE_EVERY_MS;
  });

  return () => {
    stopped = true;
    for (const cancel of cancels.values()) cancel();
  };
}
