import { type Reading, unknown } from '../../../shared/model/sample.ts';
import { isCounter, MIN_INTERVAL_MS, NEEDS_SECOND } from './counter-rates.ts';

/** Time that all CPUs together have spent since the computer started, in any one unit. */
export interface CpuTimes {
  /** Neither idle nor waiting for a disk. */
  readonly busy: number;
  readonly total: number;
}

/** Percent of all CPU time spent busy between two measurings. */
export class CpuShare {
  #last: (CpuTimes & { readonly atMs: number; readonly percent: number | null }) | null = null;

  /** Unknown at the first measuring and after the counters went backwards (a CPU was taken out). */
  read(times: CpuTimes, monotonicMs: number): Reading {
    if (!isCounter(times.total) || !isCounter(times.busy)) return unknown('the CPU counters cannot be read');
    const last = this.#last;
    const soon = last !== null && monotonicMs - last.atMs < MIN_INTERVAL_MS;
    const total = last === null ? 0 : times.total - last.total;
    // A total that stood still says nothing new: keep the old start and wait for it to move.
    if (last !== null && (soon || total === 0)) {
      return last.percent === null ? NEEDS_SECOND : { value: last.percent };
    }
    // proc(5): idle and iowait may go backwards a little, so the share may leave 0 to 100 by a tick or two.
    const percent =
      last === null || total < 0
        ? null
        : Math.min(100, Math.max(0, ((times.busy - last.busy) / total) * 100));
    this.#last = { ...times, atMs: monotonicMs, percent };
    if (percent !== null) return { value: percent };
    return last === null
      ? NEEDS_SECOND
      : unknown('the CPU counters were set back; needs another measurement');
  }
}
