import type { MetricName } from './metrics.ts';

/** What is to be measured: a metric and, where it takes one, the thing it is measured on. */
export interface MetricRequest {
  readonly metric: MetricName;
  readonly target: string | null;
}

/** A number in the metric's unit or one of its states; `unknown` says in words why there is neither. */
export type Reading =
  | { readonly value: number | string; readonly detail?: string }
  | { readonly value: null; readonly unknown: string };

/** A reading with its time, in wall-clock milliseconds. */
export interface Sample {
  readonly request: MetricRequest;
  readonly reading: Reading;
  readonly at: number;
  /**
   * For how long the reading stands before it is taken anew, where that is longer than a check interval. Older than this
   * and an interval, it says nothing of how things are now.
   */
  readonly goodForMs?: number;
}

/** One string per request, to key maps with. */
export function requestKey(request: MetricRequest): string {
  return request.target === null ? request.metric : `${request.metric} ${request.target}`;
}

export function unknown(reason: string): Reading {
  return { value: null, unknown: reason };
}
