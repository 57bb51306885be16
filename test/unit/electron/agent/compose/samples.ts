import type {
  ActiveAlert,
  AlertNotice,
  ComposeContext,
  ConditionView,
  GroupNotice,
} from '../../../../../electron/agent/compose/compose.ts';
import type { ConditionSettings, EmailProperties } from '../../../../../shared/contract/settings.ts';
import { unknown } from '../../../../../shared/model/sample.ts';

const GIB = 1024 ** 3;

/** Sat 21 Nov 2026, 19:05:12 UTC. */
export const NOW = Date.UTC(2026, 10, 21, 19, 5, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export function sampleContext(changes: Partial<ComposeContext> = {}): ComposeContext {
  let ids = 0;
  return {
    installation: 'front-desk',
    organisation: 'Contoso Dental',
    hostName: 'fd-01.contoso.example',
    version: '0.1.0',
    timeZone: 'UTC',
    alertFormat: 'html',
    messageDomain: 'contoso.example',
    smtpRouteText: 'SMTP mail.contoso.example:587',
    now: NOW,
    newId: () => `id-${String(++ids)}`,
    ...changes,
  };
}

export function sampleProperties(changes: Partial<EmailProperties> = {}): EmailProperties {
  return { smtpOverride: false, subject: null, format: 'installation', priority: 'normal', ...changes };
}

export function sampleCondition(changes: Partial<ConditionSettings> = {}): ConditionSettings {
  return { metric: 'disk.usedPercent', target: '/', above: 90, clear: 80, forSeconds: 300, ...changes };
}

export function sampleView(changes: Partial<ConditionView> = {}): ConditionView {
  return {
    settings: sampleCondition(),
    reading: { value: 91.34 },
    phase: 'holding',
    metSince: NOW - 6 * MINUTE,
    ...changes,
  };
}

const OTHER_ACTIVE: readonly ActiveAlert[] = [
  { name: 'Memory short', severity: 'warning', since: NOW - 40 * MINUTE },
  { name: 'Backup too old', severity: 'critical', since: NOW - 26 * HOUR },
];

/** The first mail of an incident: two conditions, one of which holds. */
export function sampleAlert(changes: Partial<AlertNotice> = {}): AlertNotice {
  return {
    kind: 'alert',
    name: 'Disk nearly full',
    severity: 'critical',
    match: 'any',
    conditions: [
      sampleView({
        settings: { metric: 'disk.freeBytes', target: '/', below: 5 * GIB, forSeconds: 0 },
        reading: { value: 8.6 * GIB },
        phase: 'clear',
        metSince: null,
      }),
      sampleView(),
      sampleView({
        settings: { metric: 'disk.usedPercent', target: '/mnt/backup', above: 90, forSeconds: 0 },
        reading: unknown('/mnt/backup is not mounted'),
        phase: 'clear',
        metSince: null,
      }),
    ],
    since: NOW - 5 * MINUTE,
    firedAt: NOW,
    resolvedAt: null,
    incidentId: 'incident-1',
    rootMessageId: null,
    nextReminderAt: NOW + 4 * HOUR,
    notifyOnRecovery: true,
    otherActive: OTHER_ACTIVE,
    recipients: ['it@contoso.example'],
    sms: [],
    emailProperties: sampleProperties(),
    ...changes,
  };
}

/** An alert with one condition, written late because the computer slept. */
export function sampleWarning(changes: Partial<AlertNotice> = {}): AlertNotice {
  return sampleAlert({
    name: 'Memory short',
    severity: 'warning',
    conditions: [
      sampleView({
        settings: { metric: 'memory.usedPercent', above: 95, clear: 90, forSeconds: 300 },
        reading: { value: 96.23 },
        metSince: NOW - 17 * MINUTE,
      }),
    ],
    since: NOW - 17 * MINUTE,
    firedAt: NOW - 12 * MINUTE,
    nextReminderAt: NOW + 4 * HOUR,
    otherActive: [],
    ...changes,
  });
}

/** An alert that says once that something happened. */
export function sampleInformation(changes: Partial<AlertNotice> = {}): AlertNotice {
  return sampleAlert({
    name: 'Computer restarted',
    severity: 'info',
    conditions: [
      sampleView({
        settings: { metric: 'system.uptimeSeconds', below: 600, forSeconds: 0 },
        reading: { value: 48 },
        metSince: NOW,
      }),
    ],
    since: NOW,
    firedAt: NOW,
    nextReminderAt: null,
    notifyOnRecovery: false,
    otherActive: [],
    ...changes,
  });
}

export function sampleReminder(changes: Partial<AlertNotice> = {}): AlertNotice {
  return sampleAlert({
    kind: 'reminder',
    since: NOW - 4 * HOUR - 5 * MINUTE,
    firedAt: NOW - 4 * HOUR,
    rootMessageId: 'root@contoso.example',
    ...changes,
  });
}

export function sampleResolved(changes: Partial<AlertNotice> = {}): AlertNotice {
  return sampleAlert({
    kind: 'resolved',
    conditions: [sampleView({ reading: { value: 78 }, phase: 'clear', metSince: null })],
    since: NOW - 23 * MINUTE,
    firedAt: NOW - 18 * MINUTE,
    resolvedAt: NOW,
    rootMessageId: 'root@contoso.example',
    nextReminderAt: null,
    otherActive: [],
    ...changes,
  });
}

/** Comes and goes. */
export function sampleFlapping(changes: Partial<AlertNotice> = {}): AlertNotice {
  return sampleAlert({
    kind: 'flapping',
    severity: 'warning',
    conditions: [sampleView({ reading: { value: 89.97 }, phase: 'clear', metSince: null })],
    since: NOW - 4 * MINUTE,
    firedAt: NOW - 4 * MINUTE,
    flapping: { changes: 7, since: NOW - 4 * MINUTE },
    rootMessageId: 'root@contoso.example',
    ...changes,
  });
}

/** Two that fire and one that is over, in one mail. */
export function sampleGroup(changes: Partial<GroupNotice> = {}): GroupNotice {
  const backup = sampleView({
    settings: { metric: 'file.ageSeconds', target: '/var/backups/nightly.tar', above: 93_600, forSeconds: 0 },
    reading: { value: 187_200 },
    metSince: NOW - 26 * HOUR,
  });
  return {
    notices: [
      sampleResolved({
        name: 'Mail server away',
        severity: 'warning',
        conditions: [
          sampleView({
            settings: {
              metric: 'tcp.state',
              target: 'mail.contoso.example:25',
              is: 'closed',
              forSeconds: 60,
            },
            reading: { value: 'open' },
            phase: 'clear',
            metSince: null,
          }),
        ],
        incidentId: 'incident-3',
        rootMessageId: 'root-3@contoso.example',
      }),
      sampleAlert({ otherActive: [] }),
      sampleAlert({
        name: 'Backup too old',
        severity: 'warning',
        conditions: [backup],
        since: NOW - 26 * HOUR,
        firedAt: NOW - 26 * HOUR,
        incidentId: 'incident-2',
        kind: 'reminder',
        rootMessageId: 'root-2@contoso.example',
      }),
    ],
    otherActive: [{ name: 'Memory short', severity: 'warning', since: NOW - 40 * MINUTE }],
    heldBack: null,
    recipients: ['it@contoso.example'],
    sms: [],
    emailProperties: sampleProperties(),
    ...changes,
  };
}

/** More than is listed by name, held back for an hour. */
export function sampleHeldBack(changes: Partial<GroupNotice> = {}): GroupNotice {
  const severities = ['critical', 'warning', 'info'] as const;
  return sampleGroup({
    notices: Array.from({ length: 75 }, (_, index) =>
      sampleAlert({
        name: `Alert ${index + 1}`,
        severity: severities[index % 3] ?? 'info',
        conditions: [sampleView({ reading: { value: 91 + index / 10 } })],
        since: NOW - index * MINUTE,
        firedAt: NOW - index * MINUTE,
        incidentId: `incident-${index + 1}`,
      }),
    ),
    heldBack: { count: 83, since: NOW - 57 * MINUTE, perHour: 60 },
    otherActive: [],
    ...changes,
  });
}
