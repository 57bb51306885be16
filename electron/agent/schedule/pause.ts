import type { Clock } from '../../../shared/model/clock.ts';
import type { StateStore } from '../record/state-store.ts';

/** Whether monitoring is paused, and until when: null for not at all. */
export type PausedUntil = number | 'forever' | null;

export interface Pause {
  until(): PausedUntil;
  /** Throws where it cannot be written down; nothing has changed then. */
  set(until: PausedUntil): void;
}

/**
 * A pause that survives restarts. It ends at its wall-clock time, or once its length has passed: a clock that is set
 * back must not make an hour without alerts into a year.
 */
export function createPause(
  states: Pick<StateStore, 'pausedUntil' | 'savePausedUntil'>,
  clock: Clock,
): Pause {
  const lengthMs = (until: PausedUntil) =>
    typeof until === 'number' ? until - clock.now() : Number.POSITIVE_INFINITY;
  let paused = states.pausedUntil();
  let endsMs = clock.monotonic() + lengthMs(paused);

  const isOver = () => typeof paused === 'number' && (clock.now() >= paused || clock.monotonic() >= endsMs);
  return {
    until() {
      if (isOver()) {
        // First in memory: that the disk is full must not keep monitoring off.
        paused = null;
        states.savePausedUntil(null);
      }
      return paused;
    },
    set(until) {
      states.savePausedUntil(until);
      paused = until;
      endsMs = clock.monotonic() + lengthMs(until);
    },
  };
}
