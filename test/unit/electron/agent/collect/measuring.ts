import type { MetricName } from '../../../../../shared/model/metrics.ts';
import type { MetricRequest, Reading } from '../../../../../shared/model/sample.ts';
import type { MeasureTime, MetricSource } from '../../../../../electron/agent/collect/source.ts';

export function request(metric: MetricName, target: string | null = null): MetricRequest {
  return { metric, target };
}

/** A moment this long after an arbitrary origin. */
export function at(monotonic: number, now = 1_800_000_000_000 + monotonic): MeasureTime {
  return { monotonic, now };
}

/** One reading of one source, waited for where it takes time. */
export async function readOne(
  source: MetricSource,
  metric: MetricName,
  target: string | null = null,
  time: MeasureTime = at(0),
): Promise<Reading> {
  const [reading] = source.measure([request(metric, target)], time);
  if (reading === undefined) throw new Error('the source did not answer');
  return reading;
}

/** The reason of an unknown reading; empty where it is known. */
export function reasonOf(reading: Reading): string {
  return reading.value === null ? reading.unknown : '';
}

/** All readings of one measuring, waited for where they take time. */
export function readAll(
  source: MetricSource,
  requests: readonly MetricRequest[],
  time: MeasureTime = at(0),
): Promise<Reading[]> {
  return Promise.all(source.measure(requests, time).map((reading) => Promise.resolve(reading)));
}
