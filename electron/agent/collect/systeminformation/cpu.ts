import { cpus, loadavg } from 'node:os';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { CpuShare, type CpuTimes } from '../cpu-share.ts';
import type { MetricSource } from '../source.ts';

/**
 * cpu.usedPercent and cpu.loadPerCore of systems other than Linux. Node has both at once; the library would compute the same
 * from the same figures, but its first answer would be the mean since the computer started.
 */
export function createOsCpuSource(system: NodeJS.Platform): MetricSource {
  const share = new CpuShare();
  return {
    metrics: ['cpu.usedPercent', 'cpu.loadPerCore'],
    measure(requests, time) {
      const cores = cpus();
      return requests.map(({ metric }): Reading => {
        if (cores.length === 0) return unknown('the system does not tell its CPUs');
        if (metric === 'cpu.usedPercent') return share.read(sumTimes(cores), time.monotonic);
        if (system === 'win32') return unknown('Windows has no load average');
        return { value: (loadavg()[0] ?? 0) / cores.length };
      });
    },
  };
}

function sumTimes(cores: ReturnType<typeof cpus>): CpuTimes {
  let busy = 0;
  let idle = 0;
  for (const { times } of cores) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  return { busy, total: busy + idle };
}
