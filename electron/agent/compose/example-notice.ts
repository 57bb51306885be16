import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { ConditionStatus } from '../../../shared/model/status.ts';
import type { ActiveAlert, AlertNotice, ConditionView } from './compose.ts';

const MINUTE_MS = 60_000;

/**
 * The notice of an alert as if it fired now, with what was measured just now: for previews and tests. Where nothing
 * holds, it is shown as if the first condition did, or all of them where all must.
 */
export function exampleNotice(
  alert: AlertSettings,
  found: readonly ConditionStatus[],
  otherActive: readonly ActiveAlert[],
  now: number,
): AlertNotice {
  const isMet = (position: number) => ['met', 'holding'].includes(found[position]?.verdict ?? 'clear');
  const someMet = alert.conditions.some((_, position) => isMet(position));
  const conditions = alert.conditions.map((settings, position): ConditionView => {
    const holds = isMet(position) || (!someMet && (position === 0 || alert.match === 'all'));
    const reading = found[position]?.reading ?? { value: null, unknown: 'was not measured' };
    return {
      settings,
      reading,
      phase: holds ? 'holding' : 'clear',
      metSince: holds ? now - settings.forSeconds * 1000 : null,
    };
  });
  const begin = conditions.map(({ metSince }) => metSince).filter((at) => at !== null);
  return {
    kind: 'alert',
    name: alert.name,
    severity: alert.severity,
    match: alert.match,
    conditions,
    since: Math.min(now, ...begin),
    firedAt: now,
    resolvedAt: null,
    incidentId: 'example',
    rootMessageId: null,
    nextReminderAt: alert.repeatMinutes > 0 ? now + alert.repeatMinutes * MINUTE_MS : null,
    notifyOnRecovery: alert.notifyOnRecovery,
    otherActive,
    recipients: alert.recipients,
    sms: alert.sms,
    emailProperties: alert.emailProperties,
  };
}
