import type {
  ChartData,
  ChartWindow,
  ReportData,
  WatchedItem,
} from '../../../../../electron/agent/compose/compose.ts';
import type { HistoryPoint } from '../../../../../shared/model/history.ts';
import { type Reading, unknown } from '../../../../../shared/model/sample.ts';
import { HOUR, MINUTE, NOW, sampleProperties, sampleView } from './samples.ts';

const GIB = 1024 ** 3;

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
