import type { Clock } from '../../../../shared/model/clock.ts';
import { memoryReading } from '../memory-reading.ts';
import type { MetricSource } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/** memory.usedPercent, memory.availableBytes and swap.usedPercent (the page file of Windows), by the library's mem(). */
export function createLibraryMemorySource(library: Library, clock: Clock): MetricSource {
  return createLibrarySource({
    library,
    clock,
    metrics: ['memory.usedPercent', 'memory.availableBytes', 'swap.usedPercent'],
    ask: (si) => si.mem(),
    read: (mem, { metric }) =>
      memoryReading(metric, {
        totalBytes: bytes(mem.total),
        availableBytes: bytes(mem.available),
        swapTotalBytes: bytes(mem.swaptotal),
        swapFreeBytes: bytes(mem.swaptotal - mem.swapused),
      }),
  });
}

/** The library gives null, NaN or nothing where a program it asked failed. */
function bytes(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
