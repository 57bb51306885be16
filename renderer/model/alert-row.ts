import type { AlertSettings } from '../../shared/contract/settings.ts';
import { conditionTitle, formatRule, formatValue } from '../../shared/format.ts';
import type { AlertStatus, ConditionStatus } from '../../shared/model/status.ts';
import type { State } from './state.ts';

/** One alert as the list shows it: as it is set up, and how it fares where the agent has said so. */
export interface AlertRow {
  readonly alert: AlertSettings;
  readonly status: AlertStatus | null;
  readonly state: State;
  /** The state in a word or two. */
  readonly word: string;
  /** Orders the list: what wants attention most comes first. */
  readonly rank: number;
  /** What it watches, first what holds: "Disk / used". */
  readonly watches: string;
  /** "61 %"; "unknown" where it cannot be measured. */
  readonly value: string;
  /** Every condition, one a line, for those who want to know all. */
  readonly details: string;
}

/** The rows of the list, in the order of the settings. */
export function alertRows(
  alerts: readonly AlertSettings[],
  statuses: readonly AlertStatus[],
  now: number,
): readonly AlertRow[] {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  return alerts.map((alert) => {
    const status = byName.get(alert.name) ?? null;
    const { state, word, rank } = howItFares(alert, status, now);
    const conditions = status?.conditions ?? [];
    const lead = conditions.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict))[0];
    const [first] = alert.conditions;
    const others = alert.conditions.length - 1;
    const title = lead !== undefined ? titleOf(lead) : first === undefined ? '' : conditionTitle(first);
    return {
      alert,
      status,
      state,
      word,
      rank,
      watches: others > 0 ? `${title} and ${others} more` : title,
      value: lead === undefined || !alert.enabled ? '' : formatValue(lead.metric, lead.reading.value),
      details:
        conditions.length > 0
          ? conditions.map(detailOf).join('\n')
          : alert.conditions
              .map((condition) => `${conditionTitle(condition)}: ${formatRule(condition)}`)
              .join('\n'),
    };
  });
}

/** Whether a row has all of these words in its name, what it watches, or whom it tells. */
export function matchesSearch(row: AlertRow, search: string): boolean {
  const { name, recipients, sms } = row.alert;
  const text = [name, row.details, row.word, ...recipients, ...sms].join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const VERDICTS: readonly ConditionStatus['verdict'][] = ['holding', 'met', 'unknown', 'clear'];

function titleOf({ metric, target }: ConditionStatus): string {
  return conditionTitle(target === null ? { metric } : { metric, target });
}

function detailOf(condition: ConditionStatus): string {
  const value =
    'unknown' in condition.reading
      ? `unknown, ${condition.reading.unknown}`
      : formatValue(condition.metric, condition.reading.value);
  return `${titleOf(condition)}: ${value}; alert when ${condition.limit}`;
}

interface Fare {
  readonly state: State;
  readonly word: string;
  readonly rank: number;
}

function howItFares(alert: AlertSettings, status: AlertStatus | null, now: number): Fare {
  if (!alert.enabled) return { state: 'paused', word: 'Off', rank: 8 };
  if (status === null) return { state: 'unknown', word: 'Not checked yet', rank: 4 };
  if (status.phase === 'firing') {
    const state = alert.severity === 'critical' ? 'critical' : 'warning';
    const rank = alert.severity === 'critical' ? 0 : 1;
    if (status.acknowledgedAt !== null) return { state, word: 'Acknowledged', rank: 2 };
    if (isSnoozed(status, now)) return { state, word: 'Fires, snoozed', rank: 2 };
    return { state, word: status.flapping ? 'Fires, flapping' : 'Fires', rank };
  }
  if (status.flapping) return { state: 'warning', word: 'Flapping', rank: 2 };
  if (isSnoozed(status, now)) return { state: 'paused', word: 'Snoozed', rank: 5 };
  if (status.phase === 'pending') return { state: 'warning', word: 'Not firing yet', rank: 3 };
  if (status.conditions.some(({ verdict }) => verdict === 'unknown'))
    return { state: 'unknown', word: 'Not measured', rank: 4 };
  return { state: 'ok', word: 'All right', rank: 7 };
}

function isSnoozed(status: AlertStatus, now: number): boolean {
  return status.snoozedUntil !== null && status.snoozedUntil > now;
}

/** A name that no other entry has: "Disk nearly full, copy", "Disk nearly full, copy 2". */
export function copyName(name: string, taken: readonly string[]): string {
  const known = new Set(taken.map((each) => each.toLowerCase()));
  // A name has at most 100 characters.
  const base = `${name.slice(0, 88)}, copy`;
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? base : `${base} ${count}`;
    if (!known.has(candidate.toLowerCase())) return candidate;
  }
}
