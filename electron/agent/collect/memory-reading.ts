import type { MetricName } from '../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../shared/model/sample.ts';

/** Bytes; null where the kernel does not say. */
export interface MemoryInfo {
  readonly totalBytes: number | null;
  /** What programs can have without swapping, as the kernel estimates it (since Linux 3.14). */
  readonly availableBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly swapFreeBytes: number | null;
}

/** The reading of one of the three metrics. Swap that is not set up is unknown, for nothing of it can be used up. */
export function memoryReading(metric: MetricName, info: MemoryInfo): Reading {
  if (metric === 'swap.usedPercent') {
    if (info.swapTotalBytes === 0) return unknown('no swap is set up');
    return usedPercent(info.swapTotalBytes, info.swapFreeBytes);
  }
  if (info.availableBytes === null) return unknown('the system does not say how much memory is available');
  if (metric === 'memory.availableBytes') return { value: info.availableBytes };
  return usedPercent(info.totalBytes, info.availableBytes);
}

function usedPercent(total: number | null, free: number | null): Reading {
  if (total === null || free === null || total <= 0)
    return unknown('the system does not say how much there is');
  return { value: (Math.max(0, total - free) / total) * 100 };
}
