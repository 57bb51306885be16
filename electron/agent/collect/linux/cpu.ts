import { join } from 'node:path';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { CpuShare, type CpuTimes } from '../cpu-share.ts';
import { attempt } from '../failure.ts';
import type { MetricSource } from '../source.ts';
import { ProcFile } from './proc-file.ts';

/** What /proc/stat says about all CPUs together. */
export interface CpuStat extends CpuTimes {
  /** CPUs that are switched on. */
  readonly cores: number;
}

/**
 * cpu.usedPercent: time neither idle nor waiting for a disk since the previous measuring, of all CPUs together
 * (/proc/stat, proc_stat(5)). cpu.loadPerCore: the load average of the last minute (/proc/loadavg) by the number of CPUs.
 */
export function createCpuSource(procDir = '/proc'): MetricSource {
  const stat = new ProcFile(join(procDir, 'stat'));
  const loadavg = new ProcFile(join(procDir, 'loadavg'));
  const share = new CpuShare();
  return {
    metrics: ['cpu.usedPercent', 'cpu.loadPerCore'],
    measure(requests, time) {
      let cpu: CpuStat | null = null;
      const current = () => (cpu ??= understood(parseCpuStat(stat.read())));
      return requests.map(({ metric }) =>
        attempt(() =>
          metric === 'cpu.usedPercent'
            ? share.read(current(), time.monotonic)
            : loadReading(loadavg.text(), current().cores),
        ),
      );
    },
    close() {
      stat.close();
      loadavg.close();
    },
  };
}

const CPU_LINE = /^cpu +(\d+) +(\d+) +(\d+) +(\d+)(?: +(\d+))?(?: +(\d+))?(?: +(\d+))?(?: +(\d+))?/;

function understood(cpu: CpuStat | null): CpuStat {
  if (cpu === null) throw new Error('/proc/stat does not begin with the CPU times');
  return cpu;
}

/** Reads /proc/stat; null where it does not begin with the line of all CPUs. */
export function parseCpuStat(content: Buffer): CpuStat | null {
  const line = CPU_LINE.exec(content.toString('latin1', 0, Math.max(0, content.indexOf('\n'))));
  if (line === null) return null;
  // user nice system idle iowait irq softirq steal; guest time, which follows, is already within user and nice.
  const times = line.slice(1).map((digits) => Number(digits ?? 0));
  const total = times.reduce((sum, time) => sum + time, 0);
  if (!Number.isFinite(total)) return null;
  const idle = (times[3] ?? 0) + (times[4] ?? 0);
  return { busy: total - idle, total, cores: countCores(content) };
}

/** The lines `cpu0`, `cpu1`, … follow the first one. */
function countCores(content: Buffer): number {
  let cores = 0;
  for (let at = content.indexOf('\ncpu'); at !== -1; at = content.indexOf('\ncpu', at + 1)) cores += 1;
  return Math.max(1, cores);
}

/** One-minute load from the text of /proc/loadavg, by CPU. */
export function loadReading(text: string, cores: number): Reading {
  const load = Number.parseFloat(text);
  if (!Number.isFinite(load) || load < 0 || cores < 1) return unknown('/proc/loadavg cannot be understood');
  return { value: load / cores };
}
