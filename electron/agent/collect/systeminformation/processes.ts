import { availableParallelism } from 'node:os';
import type { Systeminformation } from 'systeminformation';
import type { Clock } from '../../../../shared/model/clock.ts';
import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { NEEDS_SECOND } from '../counter-rates.ts';
import type { MetricSource } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/**
 * process.state, process.count, process.cpuPercent (of one CPU) and process.memoryBytes by the library's processes(). A name
 * is matched exactly; on Windows without regard to case, with or without ".exe", as people there write it.
 */
export function createLibraryProcessesSource(
  library: Library,
  clock: Clock,
  system: NodeJS.Platform,
): MetricSource {
  let answers = 0;
  return createLibrarySource({
    library,
    clock,
    metrics: ['process.state', 'process.count', 'process.cpuPercent', 'process.memoryBytes'],
    ask: (si) => si.processes(),
    onAnswer: () => {
      answers += 1;
    },
    read: ({ list }, { metric, target }): Reading => {
      // A computer without processes does not exist: the program that lists them failed.
      if (list.length === 0) return unknown('the list of processes came back empty');
      // The library's first shares are those since each process began.
      if (metric === 'process.cpuPercent' && answers < 2) return NEEDS_SECOND;
      const wanted = normalName(target ?? '', system);
      const found = list.filter((process) => isRunning(process) && namesOf(process, system).includes(wanted));
      return processReading(metric, found, system);
    },
  });
}

function isRunning({ state }: Systeminformation.ProcessesProcessData): boolean {
  return state !== 'zombie' && state !== 'dead';
}

function namesOf(process: Systeminformation.ProcessesProcessData, system: NodeJS.Platform): string[] {
  const program = process.command.split(/[\\/]/).at(-1) ?? '';
  return [normalName(process.name, system), normalName(program, system)];
}

function normalName(name: string, system: NodeJS.Platform): string {
  return system === 'win32' ? name.toLowerCase().replace(/\.exe$/, '') : name;
}

function processReading(
  metric: MetricName,
  found: readonly Systeminformation.ProcessesProcessData[],
  system: NodeJS.Platform,
): Reading {
  if (metric === 'process.state') return { value: found.length > 0 ? 'running' : 'stopped' };
  if (metric === 'process.count') return { value: found.length };
  if (metric === 'process.memoryBytes') return { value: sum(found.map(({ memRss }) => memRss * 1024)) };
  // Of all CPUs together, except on macOS, where ps(1) already tells it of one.
  const cores = system === 'darwin' ? 1 : availableParallelism();
  return { value: sum(found.map(({ cpu }) => cpu * cores)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + (Number.isFinite(value) ? Math.max(0, value) : 0), 0);
}
