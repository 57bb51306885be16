/** What a metric's target names; null where the metric takes none. */
export type TargetKind =
  | 'mount'
  | 'interface'
  | 'process'
  | 'service'
  | 'host:port'
  | 'url'
  | 'name'
  | 'path';

export type Unit =
  | 'percent'
  | 'ratio'
  | 'bytes'
  | 'bytesPerSecond'
  | 'count'
  | 'milliseconds'
  | 'seconds'
  | 'days'
  | 'celsius'
  | 'status';

export interface NumericMetric {
  readonly kind: 'number';
  readonly label: string;
  readonly unit: Unit;
  readonly target: TargetKind | null;
}

export interface StateMetric {
  readonly kind: 'state';
  readonly label: string;
  readonly states: readonly [string, string];
  readonly target: TargetKind | null;
}

export type MetricDefinition = NumericMetric | StateMetric;

function number(label: string, unit: Unit, target: TargetKind | null = null): NumericMetric {
  return { kind: 'number', label, unit, target };
}

function state(label: string, states: readonly [string, string], target: TargetKind | null): StateMetric {
  return { kind: 'state', label, states, target };
}

/**
 * The catalogue: every metric of the settings file, version 1. The label is what people read in
 * mails and on the page; `{}` is where the target goes.
 */
export const METRICS = {
  'cpu.usedPercent': number('CPU used', 'percent'),
  'cpu.loadPerCore': number('CPU load per core', 'ratio'),
  'memory.usedPercent': number('Memory used', 'percent'),
  'memory.availableBytes': number('Memory available', 'bytes'),
  'swap.usedPercent': number('Swap used', 'percent'),
  'disk.usedPercent': number('Disk {} used', 'percent', 'mount'),
  'disk.freeBytes': number('Disk {} free', 'bytes', 'mount'),
  'disk.readBytesPerSecond': number('Disk {} reads', 'bytesPerSecond', 'mount'),
  'disk.writeBytesPerSecond': number('Disk {} writes', 'bytesPerSecond', 'mount'),
  'network.state': state('Network {}', ['up', 'down'], 'interface'),
  'network.receivedBytesPerSecond': number('Network {} received', 'bytesPerSecond', 'interface'),
  'network.sentBytesPerSecond': number('Network {} sent', 'bytesPerSecond', 'interface'),
  'process.state': state('Process {}', ['running', 'stopped'], 'process'),
  'process.count': number('Number of {} processes', 'count', 'process'),
  'process.cpuPercent': number('Process {} CPU', 'percent', 'process'),
  'process.memoryBytes': number('Process {} memory', 'bytes', 'process'),
  'service.state': state('Service {}', ['running', 'stopped'], 'service'),
  'tcp.state': state('TCP port {}', ['open', 'closed'], 'host:port'),
  'tcp.connectMilliseconds': number('TCP port {} connect time', 'milliseconds', 'host:port'),
  'http.status': number('HTTP status of {}', 'status', 'url'),
  'http.responseMilliseconds': number('HTTP response time of {}', 'milliseconds', 'url'),
  'tls.expiresInDays': number('Certificate of {}, time left', 'days', 'host:port'),
  'dns.state': state('DNS name {}', ['resolves', 'fails'], 'name'),
  'file.state': state('File {}', ['present', 'missing'], 'path'),
  'file.ageSeconds': number('File {} age', 'seconds', 'path'),
  'file.sizeBytes': number('File {} size', 'bytes', 'path'),
  'folder.fileCount': number('Files in {}', 'count', 'path'),
  'folder.sizeBytes': number('Folder {} size', 'bytes', 'path'),
  'battery.percent': number('Battery charge', 'percent'),
  'battery.state': state('Battery', ['charging', 'discharging'], null),
  'temperature.cpuCelsius': number('CPU temperature', 'celsius'),
  'system.uptimeSeconds': number('Uptime', 'seconds'),
  'mail.outboxAgeSeconds': number('Oldest mail waiting', 'seconds'),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** The definition of a metric, widened so that `kind` can be tested on it. */
export function metricDefinition(metric: MetricName): MetricDefinition {
  return METRICS[metric];
}
