import { conditionTitle, formatDuration, formatValue } from '../../shared/format.ts';
import type { Severity } from '../../shared/model/alert.ts';
import type { ConditionStatus } from '../../shared/model/status.ts';
import type { State } from './state.ts';

/** What a condition finds now, and what follows: "Disk C: used 61 %", "would not fire". */
export interface LiveLine {
  readonly state: State;
  readonly found: string;
  readonly verdict: string;
}

/** The line beneath a condition that is being edited. */
export function liveLine(
  { metric, target, reading, verdict }: ConditionStatus,
  severity: Severity,
  forSeconds: number,
): LiveLine {
  const title = conditionTitle(target === null ? { metric } : { metric, target });
  const found = `${title} ${formatValue(metric, reading.value)}`;
  switch (verdict) {
    case 'clear':
      return { state: 'ok', found, verdict: 'would not fire' };
    case 'met':
      return {
        state: 'warning',
        found,
        verdict: `would fire after ${formatDuration(forSeconds * 1000)} like this`,
      };
    case 'holding':
      return { state: severity === 'critical' ? 'critical' : 'warning', found, verdict: 'would fire now' };
    case 'unknown':
      return {
        state: 'unknown',
        found,
        verdict: 'unknown' in reading ? reading.unknown : 'cannot be measured',
      };
  }
}
