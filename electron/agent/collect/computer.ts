import { arch, cpus, hostname, release, totalmem, type } from 'node:os';
import type { Inventory } from './source.ts';

/** The part of the inventory that Node itself knows on every system. */
export function describeComputer(): Omit<Inventory, 'operatingSystem' | 'disks' | 'interfaces'> {
  const cores = cpus();
  return {
    hostName: hostname(),
    kernel: `${type()} ${release()}`,
    architecture: arch(),
    cpuModel: cores[0]?.model.trim() || 'unknown',
    cpuCores: Math.max(1, cores.length),
    memoryTotalBytes: totalmem(),
  };
}
