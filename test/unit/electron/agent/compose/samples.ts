import type {
  ActiveAlert,
  AlertNotice,
  ChartData,
  ChartWindow,
  ComposeContext,
  ConditionView,
  FileAlert,
  GroupNotice,
  ReportData,
  SystemNotice,
  WatchedItem,
} from '../../../../../electron/agent/compose/compose.ts';
import { unknownNotice } from '../../../../../electron/agent/compose/notices.ts';
import type { PathFacts } from '../../../../../electron/agent/compose/path-notice.ts';
import {
  type ConditionSettings,
  type EmailProperties,
  settingsSchema,
} from '../../../../../shared/contract/settings.ts';
import type { HistoryPoint } from '../../../../../shared/model/history.ts';
import { type Reading, unknown } from '../../../../../shared/model/sample.ts';

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

export function sampleNotice(changes: Partial<SystemNotice> = {}): SystemNotice {
  return {
    subject: 'Mail server does not answer',
    headline: 'The mail server mail.contoso.example does not answer',
    paragraphs: [
      'The last 3 messages could not be handed over: mail.contoso.example did not answer within 20 s. They are kept and tried again.',
      'Check the name and port, or whether a firewall blocks port 25.',
      'This notice is repeated at most once in 24 h.',
    ],
    severity: 'warning',
    recipients: ['admin@provider.example'],
    ...changes,
  };
}

/** What the administrator is told once about something that cannot be measured. */
export function sampleUnknown(context: ComposeContext = sampleContext()): SystemNotice {
  const conditions = [
    { metric: 'disk.usedPercent', target: '/mnt/backup', above: 90 },
    { metric: 'file.ageSeconds', target: '/mnt/backup/nightly.tar', above: 93_600 },
  ];
  const [alert] = settingsSchema.parse({
    version: 1,
    alerts: [{ name: 'Backup too old', conditions }],
  }).alerts;
  if (alert === undefined) throw new Error('no alert');
  const readings = [unknown('/mnt/backup is not mounted'), unknown('the file is not there')];
  return unknownNotice(alert, [0, 1], readings, ['admin@provider.example'], context);
}

/** What another program asked to be mailed, with a file. */
export function sampleFileAlert(changes: Partial<FileAlert> = {}): FileAlert {
  return {
    name: 'Backup tool',
    severity: 'critical',
    subject: 'Backup failed',
    message: [
      'Job "nightly" ended with status 2 after 41 min.',
      '',
      '  tape 3   full   400 GB',
      '  tape 4   not in the drive',
      '',
      'Put in tape 4 and start the job again.',
    ].join('\n'),
    attachments: [{ name: 'backup.log', sizeBytes: 18_432 }],
    recipients: ['it@contoso.example'],
    emailProperties: { subject: null, format: 'installation', priority: 'normal' },
    ...changes,
  };
}

/** The mail server has been dead for two hours; the Web Service carries the news. */
export function samplePathFacts(changes: Partial<PathFacts> = {}): PathFacts {
  return {
    route: 'smtp',
    servers: ['mail.contoso.example:25'],
    deadSince: NOW - 2 * HOUR,
    code: 'smtp_connection_refused',
    reply: null,
    waiting: 4,
    oldestWaitingAt: NOW - 2 * HOUR,
    by: 'relay',
    emails: ['admin@provider.example'],
    sms: [],
    ...changes,
  };
}

export function sampleWatched(changes: Partial<WatchedItem> = {}): WatchedItem {
  return {
    ...sampleView({ reading: { value: 61.2 }, phase: 'clear', metSince: null }),
    alertName: 'Disk nearly full',
    severity: 'critical',
    alertPhase: 'ok',
    ...changes,
  };
}

const READINGS: readonly (readonly [key: string, reading: Reading])[] = [
  ['cpu.usedPercent', { value: 12.34 }],
  ['cpu.loadPerCore', { value: 0.41 }],
  ['memory.usedPercent', { value: 72.1 }],
  ['memory.availableBytes', { value: 4.4 * GIB }],
  ['swap.usedPercent', { value: 3.2 }],
  ['disk.usedPercent /', { value: 91.34 }],
  ['disk.usedPercent /home', { value: 48.5 }],
  ['network.receivedBytesPerSecond eth0', { value: 1_310_720 }],
  ['network.sentBytesPerSecond eth0', { value: 30_720 }],
  ['temperature.cpuCelsius', unknown('this computer shows no sensor')],
  ['system.uptimeSeconds', { value: 41 * 86_400 + 7 * 3600 }],
];

const WATCHED: readonly WatchedItem[] = [
  sampleWatched({
    settings: { metric: 'cpu.usedPercent', above: 95, forSeconds: 300 },
    reading: { value: 12.34 },
    alertName: 'CPU busy',
    severity: 'warning',
  }),
  sampleWatched({ reading: { value: 91.34 }, phase: 'holding', metSince: NOW - HOUR, alertPhase: 'firing' }),
  sampleWatched({
    settings: { metric: 'disk.usedPercent', target: '/mnt/backup', above: 90, forSeconds: 0 },
    reading: unknown('/mnt/backup is not mounted'),
  }),
  sampleWatched({
    settings: { metric: 'memory.usedPercent', above: 70, forSeconds: 600 },
    reading: { value: 72.1 },
    phase: 'met',
    metSince: NOW - MINUTE,
    alertName: 'Memory short',
    severity: 'warning',
    alertPhase: 'pending',
  }),
  sampleWatched({
    settings: { metric: 'service.state', target: 'spooler', is: 'stopped', forSeconds: 0 },
    reading: { value: 'running' },
    alertName: 'Printing',
  }),
  sampleWatched({
    settings: { metric: 'file.ageSeconds', target: '/var/backups/nightly.tar', above: 93_600, forSeconds: 0 },
    reading: { value: 22_200 },
    alertName: 'Backup too old',
    alertPhase: 'disabled',
  }),
];

/** What a chart shows: `value` by the hour of the measurement, counted back from now; null where nothing was measured. */
export function sampleChart(
  requests: ChartData['requests'],
  value: (hoursAgo: number, line: number) => number | null,
  spread = 0.005,
  since = NOW - 6 * 24 * HOUR - 8 * HOUR,
): ChartData {
  const window = (hours: number, count: number): ChartWindow => {
    const from = NOW - hours * HOUR;
    const points = requests.map((_, line) =>
      Array.from({ length: count }, (_step, index): HistoryPoint | null => {
        const at = from + (index * hours * HOUR) / count;
        const avg = at < since ? null : value((NOW - at) / HOUR, line);
        return avg === null ? null : { at, min: avg * (1 - spread), avg, max: avg * (1 + spread) };
      }),
    );
    return { from, to: NOW, points };
  };
  return { requests, since, windows: [window(24, 24), window(7 * 24, 28)] };
}

/** The computer was off for six hours last night. */
const wasOff = (hoursAgo: number) => hoursAgo > 10.5 && hoursAgo < 17.5;

const CHARTS: readonly ChartData[] = [
  sampleChart(
    [{ metric: 'cpu.usedPercent', target: null }],
    (ago) => (wasOff(ago) ? null : 14 + 10 * Math.sin(ago) + (ago % 24 < 8 ? 35 : 0)),
    0.6,
  ),
  sampleChart(
    [{ metric: 'memory.usedPercent', target: null }],
    (ago) => (wasOff(ago) ? null : 60 + 12 * Math.cos(ago / 20)),
    0.1,
  ),
  ...['/', '/home', '/data'].map((target, index) =>
    sampleChart([{ metric: 'disk.usedPercent', target }], (ago) =>
      wasOff(ago) ? null : ([91.3 - ago / 12, 48.5 + Math.sin(ago), 0.5][index] ?? 0),
    ),
  ),
  sampleChart(
    [
      { metric: 'network.receivedBytesPerSecond', target: 'eth0' },
      { metric: 'network.sentBytesPerSecond', target: 'eth0' },
    ],
    (ago, line) => (wasOff(ago) ? null : (line === 0 ? 900_000 : 24_000) * (ago % 24 < 9 ? 1 : 0.05)),
    0.9,
  ),
];

/** A report in which something fires, something is unknown and mail waits. */
export function sampleReport(changes: Partial<ReportData> = {}): ReportData {
  return {
    name: 'Every morning',
    takenAt: NOW,
    dueAt: NOW - 12_000,
    inventory: {
      hostName: 'fd-01.contoso.example',
      operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-28-amd64',
      architecture: 'x64',
      cpuModel: 'Intel(R) Core(TM) i5-8500T CPU @ 2.10GHz',
      cpuCores: 6,
      memoryTotalBytes: 15.5 * GIB,
      disks: [
        {
          mount: '/home',
          fileSystem: 'ext4',
          sizeBytes: 400 * GIB,
          usedBytes: 184.3 * GIB,
          freeBytes: 195.4 * GIB,
        },
        { mount: '/', fileSystem: 'ext4', sizeBytes: 100 * GIB, usedBytes: 86.8 * GIB, freeBytes: 8.2 * GIB },
        {
          mount: '/data',
          fileSystem: 'xfs',
          sizeBytes: 2048 * GIB,
          usedBytes: 10 * GIB,
          freeBytes: 2038 * GIB,
        },
      ],
      interfaces: [
        { name: 'eth0', state: 'up', addresses: ['192.0.2.10', '2001:db8::10'] },
        { name: 'wlan0', state: 'down', addresses: [] },
      ],
    },
    readings: new Map(READINGS),
    history: CHARTS,
    watched: WATCHED,
    firing: [{ name: 'Disk nearly full', severity: 'critical', since: NOW - HOUR }],
    delivery: {
      windowHours: 24,
      accepted: 12,
      failed: 0,
      waiting: 2,
      oldestWaitingAt: NOW - 7 * MINUTE,
      routes: [
        { text: 'SMTP mail.contoso.example:587', state: 'ok', detail: 'Last accepted 4 min ago, in 212 ms' },
        { text: 'Tocsin Web Service', state: 'unused', detail: 'Subscription until 23 Jun 2027' },
      ],
    },
    recipients: ['it@contoso.example'],
    emailProperties: sampleProperties(),
    ...changes,
  };
}

/** A report of a computer on which nothing is wrong. */
export function sampleQuietReport(changes: Partial<ReportData> = {}): ReportData {
  const quiet = WATCHED.filter((item) => item.reading.value !== null && item.phase === 'clear');
  return sampleReport({
    readings: new Map([...READINGS, ['disk.usedPercent /', { value: 61.2 }]]),
    watched: [sampleWatched(), ...quiet],
    firing: [],
    history: CHARTS.map((chart) => ({
      ...chart,
      since: null,
      windows: chart.windows.map((window) => ({
        ...window,
        points: window.points.map((line) => line.map(() => null)),
      })),
    })),
    dueAt: null,
    delivery: {
      windowHours: 24,
      accepted: 12,
      failed: 0,
      waiting: 0,
      oldestWaitingAt: null,
      routes: [{ text: 'SMTP mail.contoso.example:587', state: 'ok', detail: null }],
    },
    ...changes,
  });
}
