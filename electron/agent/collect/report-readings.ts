import type { Clock } from '../../../shared/model/clock.ts';
import { sleep } from '../../../shared/model/clock.ts';
import { type MetricRequest, type Reading, requestKey } from '../../../shared/model/sample.ts';
import type { MetricName } from '../../../shared/model/metrics.ts';
import type { Collector } from './collector.ts';
import type { Inventory } from './source.ts';

/** Between the two measurings that a rate takes. */
const RATE_WINDOW_MS = 1000;

const SYSTEM_METRICS: readonly MetricName[] = [
  'cpu.usedPercent',
  'cpu.loadPerCore',
  'memory.usedPercent',
  'memory.availableBytes',
  'swap.usedPercent',
  'system.uptimeSeconds',
];
const DISK_METRICS: readonly MetricName[] = [
  'disk.usedPercent',
  'disk.freeBytes',
  'disk.readBytesPerSecond',
  'disk.writeBytesPerSecond',
];
const NETWORK_METRICS: readonly MetricName[] = [
  'network.state',
  'network.receivedBytesPerSecond',
  'network.sentBytesPerSecond',
];

/**
 * Measures the whole computer for a status report. `collector` is one of the report's own: taking part in the watch's
 * would cut its rates short.
 */
export async function reportReadings(
  inventory: Inventory,
  collector: Collector,
  clock: Clock,
): Promise<ReadonlyMap<string, Reading>> {
  const requests: MetricRequest[] = [
    ...SYSTEM_METRICS.map((metric) => ({ metric, target: null })),
    ...inventory.disks.flatMap((disk) => DISK_METRICS.map((metric) => ({ metric, target: disk.mount }))),
    ...inventory.interfaces.flatMap((entry) =>
      NETWORK_METRICS.map((metric) => ({ metric, target: entry.name })),
    ),
  ];
  await measureAll(collector, requests);
  await sleep(clock, RATE_WINDOW_MS);
  return measureAll(collector, requests);
}

async function measureAll(
  collector: Collector,
  requests: readonly MetricRequest[],
): Promise<Map<string, Reading>> {
  const { ready, pending } = collector.measure(requests);
  const samples = [...ready, ...(await Promise.all(pending))];
  return new Map(samples.map((sample) => [requestKey(sample.request), sample.reading]));
}
