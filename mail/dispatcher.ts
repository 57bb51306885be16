import type { CancelTimer } from '../shared/model/clock.ts';
import type { RouteChoice } from '../shared/model/message.ts';
import { createLane } from './dispatch-lane.ts';
import type { DispatcherOptions } from './dispatch-options.ts';

export type { DispatcherOptions, RouteState } from './dispatch-options.ts';

/** The stages route, transport and record, driven by what the outbox holds. */
export interface Dispatcher {
  /** Something was put into the outbox, or a route has changed: look again. */
  wake(): void;
  /** Tries everything at once that waits on this route (null: on all), as after a resume or a change of settings. */
  tryNow(choice: RouteChoice | null): void;
  /** Ends when no message is in flight any more. Nothing is lost by not waiting: leases run out. */
  stop(): Promise<void>;
}

const ROUTES: readonly RouteChoice[] = ['smtp', 'relay'];

/** Looks again at least so often, whatever the timers say: clocks jump and computers sleep. */
const LONGEST_SLEEP_MS = 60_000;
/** A database that did not take what had to be written is tried again after this, then after twice as long each time. */
const FIRST_RETRY_MS = 1000;

/** Drives the outbox. It owns its workers and its timer; the outlets belong to whoever made them. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { outbox, clock } = options;
  const smtp = createLane('smtp', options, () => false);
  const lanes = [smtp, createLane('relay', options, smtp.wantsFallback)];
  let stopped = false;
  let cancelTimer: CancelTimer = () => {};
  let retryMs = FIRST_RETRY_MS;

  const pump = () => {
    if (stopped) return;
    cancelTimer();
    const isWell = lanes.map((lane) => lane.pump()).every(Boolean);
    cancelTimer = clock.after(isWell ? sleepMs() : afterFault(), pump);
  };

  const sleepMs = () => {
    try {
      const ms = untilNextDue();
      retryMs = FIRST_RETRY_MS;
      return ms;
    } catch (error) {
      options.onFault(error);
      return afterFault();
    }
  };

  const afterFault = () => {
    const ms = retryMs;
    retryMs = Math.min(2 * retryMs, LONGEST_SLEEP_MS);
    return ms;
  };

  const untilNextDue = () => {
    const due = ROUTES.map((choice) => outbox.nextDueAt(choice)).filter((at) => at !== null);
    const soonest = Math.min(...due, Number.POSITIVE_INFINITY) - clock.now();
    // What is due now is either in a worker's hands or waits for its server: both look again by themselves.
    return soonest <= 0 ? LONGEST_SLEEP_MS : Math.min(soonest, LONGEST_SLEEP_MS);
  };

  return {
    wake: pump,
    tryNow(choice) {
      try {
        if (choice === null) outbox.postponeGivingUp(clock.now());
        outbox.makeDue(choice, clock.now());
      } catch (error) {
        options.onFault(error);
      }
      pump();
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}
