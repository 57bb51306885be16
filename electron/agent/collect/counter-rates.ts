import { type Reading, unknown } from '../../../shared/model/sample.ts';

/** What every rate says at its first measuring. */
export const NEEDS_SECOND = unknown('needs a second measurement');

/**
 * Two measurings closer together than this count as one: the kernel counts CPU time in ticks of 10 ms and network
 * cards report in bursts, so a rate over less is mostly noise. It happens when a report falls on a cycle.
 */
export const MIN_INTERVAL_MS = 50;

interface Counted {
  readonly count: number;
  readonly atMs: number;
  readonly perSecond: number | null;
}

/** Turns counters that only grow into rates per second, one for each key. */
export class CounterRates {
  readonly #last = new Map<string, Counted>();

  /**
   * The mean rate since the key's previous measuring. Unknown at the first one, and where the counter went backwards
   * (a driver was reloaded, a 32-bit counter wrapped): what was counted in between cannot be told.
   */
  read(key: string, count: number, monotonicMs: number): Reading {
    if (!isCounter(count)) return unknown('its counter cannot be read');
    const last = this.#last.get(key);
    if (last !== undefined && monotonicMs - last.atMs < MIN_INTERVAL_MS) {
      return last.perSecond === null ? NEEDS_SECOND : { value: last.perSecond };
    }
    const grown = last === undefined ? null : count - last.count;
    const perSecond =
      last === undefined || grown === null || grown < 0 ? null : (grown * 1000) / (monotonicMs - last.atMs);
    this.#last.set(key, { count, atMs: monotonicMs, perSecond });
    if (perSecond !== null) return { value: perSecond };
    return last === undefined ? NEEDS_SECOND : unknown('its counter was set back; needs another measurement');
  }
}

/** Whether this can have been counted: the system's counters have 64 bits at the most. */
export function isCounter(count: number): boolean {
  return count >= 0 && count <= 2 ** 64;
}
