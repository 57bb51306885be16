import { conditionTitle } from '../../shared/format.ts';
import type { Severity } from '../../shared/model/alert.ts';
import { requestKey } from '../../shared/model/sample.ts';
import type { AgentStatus, AlertStatus, ConditionStatus } from '../../shared/model/status.ts';
import type { State } from './state.ts';

/** One thing that is measured, whatever number of alerts watch it. */
export interface MeasuredItem {
  readonly key: string;
  readonly title: string;
  readonly metric: ConditionStatus['metric'];
  readonly target: string | null;
  readonly reading: ConditionStatus['reading'];
  readonly measuredAt: number | null;
  readonly state: State;
  /** The limits of all alerts that watch it, each once, those that are passed first. */
  readonly limits: readonly string[];
  readonly isFiring: boolean;
}

/** What the enabled alerts watch, in their order; what two of them watch stands once, with both limits. */
export function measuredItems(status: AgentStatus): readonly MeasuredItem[] {
  const groups = new Map<string, Watched[]>();
  for (const alert of status.alerts.filter(({ enabled }) => enabled)) {
    for (const condition of alert.conditions) {
      const key = requestKey(condition);
      groups.set(key, [...(groups.get(key) ?? []), { alert, condition }]);
    }
  }
  return [...groups].flatMap(([key, watched]) => {
    const [worst] = watched.toSorted((a, b) => rank(a) - rank(b));
    if (worst === undefined) return [];
    const { metric, target, reading, measuredAt } = worst.condition;
    const inOrder = watched.toSorted((a, b) => rank(a) - rank(b));
    return [
      {
        key,
        title: conditionTitle(target === null ? { metric } : { metric, target }),
        metric,
        target,
        reading,
        measuredAt,
        state: stateOf(worst),
        limits: [...new Set(inOrder.map(({ condition }) => condition.limit))],
        isFiring: isFiring(worst),
      },
    ];
  });
}

interface Watched {
  readonly alert: AlertStatus;
  readonly condition: ConditionStatus;
}

const STATES: Readonly<Record<Severity, State>> = {
  critical: 'critical',
  warning: 'warning',
  info: 'warning',
};

function isFiring({ alert, condition }: Watched): boolean {
  return condition.verdict === 'holding' && alert.phase === 'firing';
}

function stateOf({ alert, condition }: Watched): State {
  switch (condition.verdict) {
    case 'clear':
      return 'ok';
    case 'unknown':
      return 'unknown';
    case 'met':
    case 'holding':
      return STATES[alert.severity];
  }
}

const VERDICTS = ['holding', 'met', 'unknown', 'clear'] as const;
const SEVERITIES = ['critical', 'warning', 'info'] as const;

function rank({ alert, condition }: Watched): number {
  return VERDICTS.indexOf(condition.verdict) * SEVERITIES.length + SEVERITIES.indexOf(alert.severity);
}
