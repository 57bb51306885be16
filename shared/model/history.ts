import type { MetricRequest } from './sample.ts';

/** What was measured in one stretch of time, in the metric's unit. `min` ≤ `avg` ≤ `max`. */
export interface HistoryPoint {
  /** Beginning of the stretch, in wall-clock milliseconds. */
  readonly at: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
}

/** Something whose numbers are kept. */
export interface HistorySeries {
  readonly request: MetricRequest;
  /** When its first number was kept, and the last one; wall-clock milliseconds. */
  readonly since: number;
  readonly lastAt: number;
}
