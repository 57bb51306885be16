import type { AlertSettings } from '../../../shared/contract/settings.ts';
import { conditionTitle } from '../../../shared/format.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import { type Evaluation, nextReminderAt } from '../evaluate/alert.ts';
import { CLEAR } from '../evaluate/condition.ts';
import type { ActiveAlert, AlertNotice, ComposeContext, ConditionView, SystemNotice } from './compose.ts';

export interface OtherAlert {
  readonly alert: AlertSettings;
  readonly state: AlertState;
}

const KIND = {
  fired: 'alert',
  reminder: 'reminder',
  steady: 'reminder',
  resolved: 'resolved',
  flapping: 'flapping',
} as const;

/** What an evaluation with an event has to tell, put together for the compose stage; the other alerts are left out. */
export function alertNotice(
  alert: AlertSettings,
  evaluation: Evaluation,
  readings: readonly Reading[],
): AlertNotice {
  const { event, state } = evaluation;
  // A resolved alert is told from how it was while it fired; its values are those of now.
  const incident = evaluation.ended ?? state;
  return {
    ...noticeNow(alert, incident, readings),
    kind: KIND[event ?? 'fired'],
    ...(event === 'steady' ? { isSteady: true } : {}),
    ...(event === 'flapping' && state.notifications === 1 ? { isUntold: true } : {}),
    ...(event === 'resolved'
      ? { conditions: conditionViews(alert, state, readings), resolvedAt: state.since }
      : {}),
    nextReminderAt: nextReminderAt(alert, state),
  };
}

/** What can be said of an incident that goes on, as it stands now. */
function noticeNow(alert: AlertSettings, incident: AlertState, readings: readonly Reading[]): AlertNotice {
  const begin = incident.conditions.map((condition) => condition.metSince).filter((at) => at !== null);
  const firedAt = incident.flappingSince ?? incident.since;
  return {
    kind: 'alert',
    name: alert.name,
    severity: alert.severity,
    match: alert.match,
    conditions: conditionViews(alert, incident, readings),
    since: Math.min(firedAt, ...begin),
    firedAt,
    resolvedAt: null,
    incidentId: incident.incidentId ?? '',
    rootMessageId: incident.rootMessageId,
    nextReminderAt: nextReminderAt(alert, incident),
    otherActive: [],
    recipients: alert.recipients,
    sms: alert.sms,
    emailProperties: alert.emailProperties,
    notifyOnRecovery: alert.notifyOnRecovery,
    ...(incident.flappingSince === null
      ? {}
      : {
          flapping: {
            changes: incident.changes.length,
            since: incident.changes[0]?.at ?? incident.flappingSince,
          },
        }),
  };
}

/**
 * A notice that was held, with the values and times of now where the incident still goes on; null where there is nothing
 * left to say: nobody is reminded of what was acknowledged or snoozed meanwhile, or is over. What fired is told all the
 * same, as over where it is.
 */
export function noticeAsOfNow(
  notice: AlertNotice,
  alert: AlertSettings,
  state: AlertState,
  readings: readonly Reading[],
  now: number,
): AlertNotice | null {
  if (state.incidentId !== notice.incidentId)
    return notice.kind === 'resolved' ? notice : over(notice, state);
  const isUnwanted = state.acknowledgedAt !== null || (state.snoozedUntil ?? now) > now;
  if (isUnwanted && notice.kind === 'reminder') return null;
  const { kind, recipients, sms, emailProperties } = notice;
  return { ...notice, ...noticeNow(alert, state, readings), kind, recipients, sms, emailProperties };
}

/** A held notice of an incident whose end nobody wanted to hear of, so that no "resolved" overtook it. */
function over(notice: AlertNotice, state: AlertState): AlertNotice | null {
  if (notice.kind === 'reminder') return null;
  const next = state.incidentId === null ? state.since : (state.lastFiredAt ?? state.since);
  const endedAt = state.changes.find(({ at }) => at > notice.firedAt)?.at ?? next;
  const isUntold = notice.kind === 'alert' || notice.isUntold === true;
  return { ...notice, kind: 'resolved', isUntold, resolvedAt: endedAt, nextReminderAt: null };
}

/** The alerts that are firing, worst first, then oldest first. */
export function activeAlerts(alerts: readonly OtherAlert[]): ActiveAlert[] {
  const rank = { critical: 0, warning: 1, info: 2 } as const;
  return alerts
    .filter(({ state }) => state.phase === 'firing')
    .map(({ alert, state }) => ({ name: alert.name, severity: alert.severity, since: state.since }))
    .sort((a, b) => rank[a.severity] - rank[b.severity] || a.since - b.since);
}

export function conditionViews(
  alert: AlertSettings,
  state: AlertState,
  readings: readonly Reading[],
): ConditionView[] {
  return alert.conditions.map((settings, position) => {
    const { phase, metSince } = state.conditions[position] ?? CLEAR;
    const reading = readings[position] ?? { value: null, unknown: 'was not measured' };
    return { settings, reading, phase, metSince };
  });
}

/** Says once that something set up cannot be measured: to the administrator, or to the alert's recipients. */
export function unknownNotice(
  alert: AlertSettings,
  positions: readonly number[],
  readings: readonly Reading[],
  administrators: readonly string[],
  context: ComposeContext,
): SystemNotice {
  const items = positions.map((position) => {
    const condition = alert.conditions[position];
    const reading = readings[position];
    const why = reading?.value === null ? reading.unknown : 'no reason is known';
    return `${condition ? conditionTitle(condition) : alert.name}: ${why}.`;
  });
  return {
    subject: `“${alert.name}” cannot be checked`,
    headline: `“${alert.name}” on ${context.installation} cannot be checked`,
    paragraphs: [
      'Tocsin cannot measure what this alert watches. It will neither fire nor be resolved on account of it:',
      ...items,
      'Check the name of what is watched, or change the alert. You are told once; if it can be measured again later, Tocsin goes on by itself.',
    ],
    severity: 'warning',
    recipients: administrators.length > 0 ? administrators : alert.recipients,
  };
}
