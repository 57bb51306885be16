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

/** Drives the outbox. It owns its workers and its timer; the outlets belong to whoever made them. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { outbox, clock } = options;
  const smtp = createLane('smtp', options, () => false);
  const lanes = [smtp, createLane('relay', options, smtp.wantsFallback)];
  let stopped = false;
  let cancelTimer: CancelTimer = () => {};

  const pump = () => {
    if (stopped) return;
    cancelTimer();
    for (const lane of lanes) lane.pump();
    let sleepMs = LONGEST_SLEEP_MS;
    try {
      sleepMs = untilNextDue();
    } catch (error) {
      options.onFault(error);
    }
    cancelTimer = clock.after(sleepMs, pump);
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
