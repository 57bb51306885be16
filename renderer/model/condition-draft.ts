import type { ConditionSettings } from '../../shared/contract/settings.ts';
import { metricDefinition, type MetricName } from '../../shared/model/metrics.ts';

/** A condition as its editor holds it: whatever is still empty is null or an empty text. */
export interface ConditionDraft {
  /** Names the row while it is edited. */
  readonly key: string;
  readonly metric: MetricName;
  readonly target: string;
  readonly side: 'above' | 'below';
  readonly limit: number | null;
  readonly clear: number | null;
  readonly is: string;
  readonly forSeconds: number | null;
  /** Null: as the alert has it. */
  readonly unknownAfterSeconds: number | null;
}

/** A condition as the editor of it begins. */
export function conditionDraft(condition: ConditionSettings, key: string): ConditionDraft {
  const { metric, target, above, below, clear, is, forSeconds, unknownAfterSeconds } = condition;
  return {
    key,
    metric,
    target: target ?? '',
    side: below === undefined ? 'above' : 'below',
    limit: above ?? below ?? null,
    clear: clear ?? null,
    is: is ?? firstState(metric),
    forSeconds,
    unknownAfterSeconds: unknownAfterSeconds ?? null,
  };
}

/** A new row: nothing of it is guessed but the metric. */
export function emptyCondition(key: string): ConditionDraft {
  return conditionDraft({ metric: 'disk.usedPercent', forSeconds: 0 }, key);
}

/** The same row on another metric. A target and a limit stay only where they still mean the same. */
export function withMetric(draft: ConditionDraft, metric: MetricName): ConditionDraft {
  const before = metricDefinition(draft.metric);
  const after = metricDefinition(metric);
  const sameUnit = before.kind === 'number' && after.kind === 'number' && before.unit === after.unit;
  return {
    ...draft,
    metric,
    target: before.target === after.target ? draft.target : '',
    limit: sameUnit ? draft.limit : null,
    clear: sameUnit ? draft.clear : null,
    is: firstState(metric),
  };
}

/** People watch for what is wrong, which stands second where the two states are not alike. */
function firstState(metric: MetricName): string {
  const definition = metricDefinition(metric);
  return definition.kind === 'state' ? definition.states[1] : '';
}

/** The condition as the settings hold it; with holes where something is missing, which the rules of the settings name. */
export function conditionOf(draft: ConditionDraft): ConditionSettings {
  const definition = metricDefinition(draft.metric);
  const { metric, side, limit, clear, unknownAfterSeconds } = draft;
  return {
    metric,
    ...(definition.target === null ? {} : { target: draft.target.trim() }),
    ...(definition.kind === 'state'
      ? { is: draft.is }
      : { ...(limit === null ? {} : { [side]: limit }), ...(clear === null ? {} : { clear }) }),
    forSeconds: draft.forSeconds ?? 0,
    ...(unknownAfterSeconds === null ? {} : { unknownAfterSeconds }),
  };
}
