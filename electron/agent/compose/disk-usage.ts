import { formatValue } from '../../../shared/format.ts';
import type { DiskEntry } from '../collect/source.ts';
import type { ReportData } from './compose.ts';
import { fractionOf } from './report-readings.ts';

/** How full a disk is. */
export interface DiskUsage {
  readonly disk: DiskEntry;
  /** From 0 to 1; null where it cannot be said. */
  readonly fraction: number | null;
  readonly text: string;
}

/**
 * The usage of every disk of the inventory. Where the metric was not measured it is counted as `df` does: what is used of
 * what programs without special rights may use.
 */
export function diskUsages(data: ReportData): DiskUsage[] {
  return data.inventory.disks.map((disk) => {
    const usable = disk.usedBytes + disk.freeBytes;
    const counted = usable > 0 ? disk.usedBytes / usable : null;
    const fraction = fractionOf(data, 'disk.usedPercent', disk.mount) ?? counted;
    return {
      disk,
      fraction,
      text: formatValue('disk.usedPercent', fraction === null ? null : fraction * 100),
    };
  });
}

/** The disks with the least room first. */
export function fullestFirst(usages: readonly DiskUsage[]): DiskUsage[] {
  return usages.toSorted((left, right) => (right.fraction ?? -1) - (left.fraction ?? -1));
}
