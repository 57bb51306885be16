import { formatValue } from '../../../shared/format.ts';
import type { MetricName } from '../../../shared/model/metrics.ts';
import { type Reading, requestKey, unknown } from '../../../shared/model/sample.ts';
import { cleanLine } from './clean-text.ts';
import type { ReportData } from './compose.ts';
import { remarkText } from './condition-words.ts';

const NOT_MEASURED: Reading = unknown('it was not measured for this report');

/** What was measured for a report, by metric and target. */
function readingOf(data: ReportData, metric: MetricName, target: string | null = null): Reading {
  return data.readings.get(requestKey({ metric, target })) ?? NOT_MEASURED;
}

/** The same in words: "12.3 %", "unknown". */
export function readingText(data: ReportData, metric: MetricName, target: string | null = null): string {
  return cleanLine(formatValue(metric, readingOf(data, metric, target).value));
}

/** The same in words, or null where it is unknown: for facts that are left out then. */
export function knownText(data: ReportData, metric: MetricName, target: string | null = null): string | null {
  return readingOf(data, metric, target).value === null ? null : readingText(data, metric, target);
}

/** A percentage as a fraction from 0 to 1; null where it is unknown. */
export function fractionOf(
  data: ReportData,
  metric: MetricName,
  target: string | null = null,
): number | null {
  const { value } = readingOf(data, metric, target);
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.max(0, value / 100)) : null;
}

/** Why a reading is unknown, or what its source remarks; null where there is nothing to say. */
export function readingRemark(
  data: ReportData,
  metric: MetricName,
  target: string | null = null,
): string | null {
  return remarkText(readingOf(data, metric, target));
}
