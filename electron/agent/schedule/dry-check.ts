import type { AlertSettings, ConditionSettings } from '../../../shared/contract/settings.ts';
import { formatRule } from '../../../shared/format.ts';
import type { ConditionPhase } from '../../../shared/model/alert.ts';
import { type Clock, sleep } from '../../../shared/model/clock.ts';
import { type Reading, requestKey, type Sample, unknown } from '../../../shared/model/sample.ts';
import type { AlertCheck, CheckReport, ConditionStatus } from '../../../shared/model/status.ts';
import { createCollector } from '../collect/collector.ts';
import { createPlatform } from '../collect/platform.ts';
import { isMet } from '../evaluate/condition.ts';
import type { AlertView } from './monitor.ts';

/** Between the two measurings that rates take. */
const RATE_WINDOW_MS = 1000;

/**
 * Measures everything that is watched, apart from the watch itself, and says what each alert makes of it. Changes no
 * state and sends nothing. What has begun to hold in the watch ends at its clear threshold here as well, and what has
 * held for its hold time there need not begin it anew.
 */
export async function dryCheck(
  alerts: readonly AlertSettings[],
  views: readonly AlertView[],
  clock: Clock,
): Promise<CheckReport> {
  const samples = await measureTwice(alerts, clock);
  return {
    checkedAt: clock.now(),
    alerts: alerts.map((alert) => {
      const remembered = views.find((view) => view.alert.name === alert.name)?.state.conditions;
      const conditions = alert.conditions.map((condition, position) => {
        const key = requestKey({ metric: condition.metric, target: condition.target ?? null });
        const before = remembered?.[position]?.phase ?? 'clear';
        return conditionStatus(condition, samples.get(key) ?? null, before);
      });
      const { name, enabled, severity } = alert;
      return { name, enabled, severity, verdict: verdictOf(alert, conditions), conditions };
    }),
  };
}

async function measureTwice(
  alerts: readonly AlertSettings[],
  clock: Clock,
): Promise<ReadonlyMap<string, Sample>> {
  const collector = createCollector({ platform: createPlatform({ clock, system: process.platform }), clock });
  try {
    const requests = new Map(
      alerts
        .flatMap((alert) => alert.conditions)
        .map(({ metric, target }) => ({ metric, target: target ?? null }))
        .map((request) => [requestKey(request), request]),
    );
    const measure = async () => {
      const { ready, pending } = collector.measure([...requests.values()]);
      return [...ready, ...(await Promise.all(pending))];
    };
    await measure();
    await sleep(clock, RATE_WINDOW_MS);
    return new Map((await measure()).map((sample) => [requestKey(sample.request), sample]));
  } finally {
    collector.close();
  }
}

function conditionStatus(
  condition: ConditionSettings,
  sample: Sample | null,
  before: ConditionPhase,
): ConditionStatus {
  const reading: Reading = sample?.reading ?? unknown('was not measured');
  return {
    metric: condition.metric,
    target: condition.target ?? null,
    reading,
    measuredAt: sample?.at ?? null,
    limit: formatRule(condition),
    verdict: reading.value === null ? 'unknown' : verdict(condition, reading.value, before),
  };
}

function verdict(
  condition: ConditionSettings,
  value: number | string,
  before: ConditionPhase,
): ConditionStatus['verdict'] {
  if (!isMet(condition, value, before !== 'clear')) return 'clear';
  return condition.forSeconds === 0 || before === 'holding' ? 'holding' : 'met';
}

function verdictOf(alert: AlertSettings, conditions: readonly ConditionStatus[]): AlertCheck['verdict'] {
  const all = alert.match === 'all';
  const hold = (condition: ConditionStatus) => condition.verdict === 'holding';
  const met = (condition: ConditionStatus) => hold(condition) || condition.verdict === 'met';
  if (all ? conditions.every(hold) : conditions.some(hold)) return 'fires';
  if (all ? conditions.every(met) : conditions.some(met)) return 'pending';
  return conditions.some((condition) => condition.verdict === 'unknown') ? 'unknown' : 'ok';
}
