import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { NEEDS_SECOND } from '../counter-rates.ts';
import type { MetricSource } from '../source.ts';
import { type ProcessLook, ProcessTable } from './process-table.ts';

/** All processes of one name, added up. */
interface Totals {
  count: number;
  cpuPercent: number;
  residentBytes: number;
}

/**
 * process.state, process.count, process.cpuPercent (of one CPU, as top(1) shows it: four busy threads make 400) and
 * process.memoryBytes (resident set, in which memory that processes share is counted for each of them), from
 * /proc/PID/stat. A target is a process's name as the kernel keeps it or as its command line gives it, exactly.
 */
export function createProcessesSource(procDir = '/proc'): MetricSource {
  const table = new ProcessTable(procDir);
  return {
    metrics: ['process.state', 'process.count', 'process.cpuPercent', 'process.memoryBytes'],
    measure(requests, time) {
      const look = table.look(time.monotonic);
      const totals = addUp(look, new Set(requests.map(({ target }) => target ?? '')));
      return requests.map(({ metric, target }) => {
        const found = totals.get(target ?? '');
        if (found !== undefined) return processReading(metric, found, look.hasRates);
        if (!look.complete) return unknown('this system hides the processes of other users (hidepid)');
        return processReading(metric, { count: 0, cpuPercent: 0, residentBytes: 0 }, look.hasRates);
      });
    },
    close: () => table.close(),
  };
}

function addUp(look: ProcessLook, names: ReadonlySet<string>): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const { comm, fullName, cpuPercent, residentBytes } of look.running) {
    for (const name of comm === fullName || fullName === null ? [comm] : [comm, fullName]) {
      if (!names.has(name)) continue;
      const sum = totals.get(name) ?? { count: 0, cpuPercent: 0, residentBytes: 0 };
      sum.count += 1;
      sum.cpuPercent += cpuPercent;
      sum.residentBytes += residentBytes;
      totals.set(name, sum);
    }
  }
  return totals;
}

function processReading(metric: MetricName, totals: Totals, hasRates: boolean): Reading {
  if (metric === 'process.state') return { value: totals.count > 0 ? 'running' : 'stopped' };
  if (metric === 'process.count') return { value: totals.count };
  if (metric === 'process.memoryBytes') return { value: totals.residentBytes };
  return hasRates ? { value: totals.cpuPercent } : NEEDS_SECOND;
}
