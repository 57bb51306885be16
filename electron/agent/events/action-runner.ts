import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';
import type { ActionOutcome } from './action-outcome.ts';
import type { DueAction, EventStore } from './event-store.ts';

/** So many actions at once: a page that does not answer holds up no mail. */
const MOST_AT_ONCE = 4;
/** The first try and two more. */
const MOST_TRIES = 3;
const RETRY_MS: readonly number[] = [10_000, 60_000];
/** Looks again at least so often: clocks jump and computers sleep. */
const LONGEST_SLEEP_MS = 60_000;

export interface ActionRunnerOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  /** Does one action once; an exception counts as a fault of Tocsin's own, and the action is tried again. */
  readonly perform: (due: DueAction, signal: AbortSignal) => Promise<ActionOutcome>;
  /** Told of every outcome, after it is durable. */
  readonly onSettled: (due: DueAction, outcome: ActionOutcome) => void;
  readonly onFault: (error: unknown) => void;
}

/** Does what was decided, at least once: what a crash cuts off is begun again at the next start. */
export interface ActionRunner {
  look(): void;
  /** Calls off what can be called off, and ends when nothing is under way any more. */
  stop(): Promise<void>;
}

export function createActionRunner(options: ActionRunnerOptions): ActionRunner {
  const { store, clock } = options;
  const inHand = new Set<number>();
  const running = new Set<Promise<void>>();
  const abort = new AbortController();
  let cancelTimer: CancelTimer = () => {};

  const look = () => {
    if (abort.signal.aborted) return;
    cancelTimer();
    let sleepMs = LONGEST_SLEEP_MS;
    try {
      for (const due of store.due(clock.now(), inHand, MOST_AT_ONCE - inHand.size)) start(due);
      const next = store.nextDueAt(inHand);
      if (next !== null && inHand.size < MOST_AT_ONCE)
        sleepMs = Math.min(LONGEST_SLEEP_MS, Math.max(1000, next - clock.now()));
    } catch (error) {
      options.onFault(error);
    }
    cancelTimer = clock.after(sleepMs, look);
  };

  const start = (due: DueAction) => {
    inHand.add(due.seq);
    const work = runOnce(due)
      .catch(options.onFault)
      .finally(() => {
        running.delete(work);
        inHand.delete(due.seq);
        look();
      });
    running.add(work);
  };

  const runOnce = async (due: DueAction) => {
    if (due.tries >= MOST_TRIES) {
      settle(due, { kind: 'failed', text: `cut off ${due.tries} times before it ended` });
      return;
    }
    store.begin(due.seq);
    let outcome: ActionOutcome;
    try {
      outcome = await options.perform(due, abort.signal);
    } catch (error) {
      options.onFault(error);
      outcome = { kind: 'retry', text: 'an unexpected fault inside Tocsin, see its log' };
    }
    // Called off by the stop: the next start begins it again.
    if (abort.signal.aborted && outcome.kind === 'retry') return;
    const tries = due.tries + 1;
    const waitMs = RETRY_MS[tries - 1];
    if (outcome.kind === 'retry' && waitMs !== undefined) {
      store.postpone(due.seq, outcome.text, clock.now() + waitMs);
    } else settle(due, outcome);
  };

  const settle = (due: DueAction, outcome: ActionOutcome) => {
    const alongside = outcome.kind === 'done' ? outcome.alongside : undefined;
    const status = outcome.kind === 'done' ? 'done' : 'failed';
    store.settle(due.seq, status, outcome.text, clock.now(), alongside);
    options.onSettled(due, outcome);
  };

  return {
    look,
    async stop() {
      abort.abort();
      cancelTimer();
      await Promise.allSettled(running);
    },
  };
}
