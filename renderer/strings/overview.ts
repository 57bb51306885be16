import { formatDuration } from '../../shared/format.ts';
import { formatNumber } from '../../shared/format-number.ts';

/** What the overview says. */
export const OVERVIEW = {
  title: 'Overview',
  sendReport: 'Send report',
  sendWhich: 'Send a status report now',
  noReports: 'No status reports yet. One mails the state of this computer, each morning for instance.',
  pause: 'Pause',
  pauseLabel: 'Pause monitoring',
  resume: 'Resume',
  alertsCard: 'Active alerts',
  pathCard: 'Mail path',
  measuredCard: 'Measured now',
  reportsCard: 'Status reports',
  neverChecked: 'Not checked yet.',
  lastChecked: 'Last checked',
  nothingMeasured: 'Nothing is watched yet.',
  nothingMeasuredWhy:
    'A conditional alert says what to measure, such as a disk or a service, and whom to mail when it passes a limit.',
  toAlerts: 'Set up conditional alerts',
  practice:
    'Mail goes to the practice mailbox inside Tocsin, where you can read it; nothing leaves this computer until a mail server is set.',
  toMailServer: 'Set a mail server',
  acknowledge: 'Acknowledge',
  openAlert: 'Open this alert',
  acknowledged: 'Acknowledged',
  noRepeats: 'acknowledged, no more reminders',
  close: 'Close',
  timeSpan: 'Time',
  day: 'Last 24 hours',
  week: 'Last 7 days',
} as const;

export const PAUSES: readonly { readonly label: string; readonly minutes: number | null }[] = [
  { label: 'For 1 hour', minutes: 60 },
  { label: 'For 4 hours', minutes: 240 },
  { label: 'For 24 hours', minutes: 1440 },
  { label: 'Until I resume', minutes: null },
];

export const SNOOZES: readonly { readonly label: string; readonly minutes: number }[] = [
  { label: 'Snooze for 1 hour', minutes: 60 },
  { label: 'Snooze for 4 hours', minutes: 240 },
  { label: 'Snooze for 1 day', minutes: 1440 },
  { label: 'Snooze for 1 week', minutes: 10_080 },
];

export function pausedText(until: string | null): string {
  const end = until === null ? 'until somebody resumes it' : `until ${until}`;
  return `Monitoring is paused ${end}: nothing is measured, and no alert fires.`;
}

export function maintenanceText(name: string, until: string): string {
  return `The maintenance window “${name}” is open until ${until}. What fires meanwhile is told when it closes, if it still fires.`;
}

export function heldText(alerts: number): string {
  return `${alerts === 1 ? '1 alert is' : `${formatNumber(alerts)} alerts are`} to be told in the next mail`;
}

export function reportSentText(name: string, messages: number): string {
  return messages === 0
    ? `“${name}” has no recipients, so nothing was sent.`
    : `“${name}” is on its way. The delivery log shows what becomes of it.`;
}

export function snoozedText(name: string, minutes: number): string {
  return `“${name}” is snoozed for ${formatDuration(minutes * 60_000)}.`;
}
