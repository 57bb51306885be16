import { join } from 'node:path';
import { type MemoryInfo, memoryReading } from '../memory-reading.ts';
import type { MetricSource } from '../source.ts';
import { ProcFile } from './proc-file.ts';

/** memory.usedPercent (what is not available), memory.availableBytes and swap.usedPercent, from proc_meminfo(5). */
export function createMemorySource(procDir = '/proc'): MetricSource {
  const meminfo = new ProcFile(join(procDir, 'meminfo'));
  return {
    metrics: ['memory.usedPercent', 'memory.availableBytes', 'swap.usedPercent'],
    measure(requests) {
      const info = parseMeminfo(meminfo.text());
      return requests.map(({ metric }) => memoryReading(metric, info));
    },
    close: () => meminfo.close(),
  };
}

export function parseMeminfo(text: string): MemoryInfo {
  return {
    totalBytes: field(text, 'MemTotal'),
    availableBytes: field(text, 'MemAvailable'),
    swapTotalBytes: field(text, 'SwapTotal'),
    swapFreeBytes: field(text, 'SwapFree'),
  };
}

/** A line such as `MemTotal:       24684084 kB`, where kB means 1,024 bytes. */
function field(text: string, name: string): number | null {
  const start = text.startsWith(`${name}:`) ? 0 : text.indexOf(`\n${name}:`);
  if (start === -1) return null;
  const bytes = Number.parseInt(text.slice(text.indexOf(':', start) + 1, start + 60), 10) * 1024;
  return Number.isFinite(bytes) && bytes >= 0 ? bytes : null;
}
