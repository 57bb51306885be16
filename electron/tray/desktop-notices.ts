import type { AgentStatus } from '../../shared/model/status.ts';
import { mailPath } from './mail-path.ts';
import { firingAlerts } from './tray-state.ts';

/** A notification on the desktop, and the page that a click on it opens. */
export interface DesktopNotice {
  readonly title: string;
  readonly body: string;
  readonly page: 'overview' | 'log' | 'settings';
  readonly urgency: 'normal' | 'critical';
}

/** More at once than this are one notification that counts them. */
const MOST_AT_ONCE = 3;

/**
 * What is new between two looks at the agent. Nothing on the first look: what fires since yesterday was told yesterday.
 * While monitoring is paused or a maintenance window is open, and of what is snoozed, nobody is told.
 */
export function desktopNotices(before: AgentStatus | null, after: AgentStatus): DesktopNotice[] {
  if (before === null) return [];
  const isQuiet = after.pausedUntil !== null || after.maintenance !== null;
  const alerts = isQuiet ? [] : [...fired(before, after), ...resolved(before, after)];
  const shown = alerts.length > MOST_AT_ONCE ? [counted(alerts)] : alerts;
  return [...shown, ...pathNotices(before, after)];
}

function fired(before: AgentStatus, after: AgentStatus): DesktopNotice[] {
  const known = new Set(firingAlerts(before).map((alert) => alert.name));
  return firingAlerts(after)
    .filter((alert) => !known.has(alert.name) && alert.snoozedUntil === null)
    .map((alert) => ({
      title: alert.name,
      body: `${alert.severity === 'critical' ? 'Critical' : alert.severity === 'warning' ? 'Warning' : 'Note'} on ${after.installation}`,
      page: 'overview',
      urgency: alert.severity === 'critical' ? 'critical' : 'normal',
    }));
}

/** An alert that was deleted or switched off is not resolved. */
function resolved(before: AgentStatus, after: AgentStatus): DesktopNotice[] {
  const over = new Set(
    after.alerts.filter((alert) => alert.enabled && alert.phase !== 'firing').map((alert) => alert.name),
  );
  return firingAlerts(before)
    .filter((alert) => over.has(alert.name))
    .map((alert) => ({
      title: alert.name,
      body: `Resolved on ${after.installation}`,
      page: 'overview',
      urgency: 'normal',
    }));
}

function counted(notices: readonly DesktopNotice[]): DesktopNotice {
  const names = notices.slice(0, MOST_AT_ONCE).map((notice) => notice.title);
  return {
    title: `${notices.length} alerts changed`,
    body: `${names.join(', ')} and ${notices.length - names.length} more`,
    page: 'overview',
    urgency: notices.some((notice) => notice.urgency === 'critical') ? 'critical' : 'normal',
  };
}

function pathNotices(before: AgentStatus, after: AgentStatus): DesktopNotice[] {
  const was = mailPath(before).isDead;
  const { isDead, sentence } = mailPath(after);
  if (was === isDead) return [];
  if (!isDead) return [{ title: 'Mail leaves again', body: sentence, page: 'log', urgency: 'normal' }];
  const body = `${sentence}. What is to be sent is kept, and leaves as soon as it can.`;
  return [{ title: 'Mail does not leave this computer', body, page: 'settings', urgency: 'critical' }];
}
