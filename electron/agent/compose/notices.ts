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

const KIND = { fired: 'alert', reminder: 'reminder', resolved: 'resolved' } as const;

/** What an evaluation with an event has to tell, put together for the compose stage. */
export function alertNotice(
  alert: AlertSettings,
  evaluation: Evaluation,
  readings: readonly Reading[],
  others: readonly OtherAlert[],
): AlertNotice {
  const { event, state } = evaluation;
  // A resolved alert is told from how it was while it fired; its values are those of now.
  const incident = evaluation.ended ?? state;
  const begin = incident.conditions.map((condition) => condition.metSince).filter((at) => at !== null);
  return {
    kind: KIND[event ?? 'fired'],
    name: alert.name,
    severity: alert.severity,
    match: alert.match,
    conditions: conditionViews(alert, event === 'resolved' ? state : incident, readings),
    since: Math.min(incident.since, ...begin),
    firedAt: incident.since,
    resolvedAt: event === 'resolved' ? state.since : null,
    incidentId: incident.incidentId ?? '',
    rootMessageId: incident.rootMessageId,
    nextReminderAt: nextReminderAt(alert, state),
    otherActive: activeAlerts(others),
    recipients: alert.recipients,
    sms: alert.sms,
    emailProperties: alert.emailProperties,
    notifyOnRecovery: alert.notifyOnRecovery,
  };
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
