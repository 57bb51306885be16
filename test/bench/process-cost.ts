import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts the time of reaped children in ticks of 10 ms (USER_HZ, always 100 for user space). */
const TICK_NS = 10_000_000;

/**
 * CPU time of a process so far in nanoseconds: all its threads by the scheduler's own count, its children that have
 * ended by /proc/PID/stat. Threads that have ended are not in it; none of the programs measured here end any.
 */
export function cpuNs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [onCpu = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(onCpu);
  }, 0);
  return threads + reapedChildrenNs(pid);
}

/** CPU time of children that have ended and been waited for, in nanoseconds. */
export function reapedChildrenNs(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[13]) + Number(fields[14])) * TICK_NS;
}

/** The ids of the direct children that run now. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid);
}

function parentOf(pid: number): number | null {
  try {
    return Number(statFields(pid)[1]);
  } catch {
    return null;
  }
}

/** The fields of /proc/PID/stat after the name, which may hold spaces; the first is the state. */
function statFields(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

export interface MemoryUse {
  readonly rssBytes: number;
  /** The proportional share: pages that several processes use count in parts. */
  readonly pssBytes: number;
  readonly privateBytes: number;
}

/** What a process occupies now. */
export function memoryUse(pid: number): MemoryUse {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return {
    rssBytes: kilobytes('Rss') * 1024,
    pssBytes: kilobytes('Pss') * 1024,
    privateBytes: (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) * 1024,
  };
}
