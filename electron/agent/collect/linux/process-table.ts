import { readdirSync } from 'node:fs';
import { MIN_INTERVAL_MS } from '../counter-rates.ts';
import { type KernelUnits, readKernelUnits } from './auxv.ts';
import { readSmall } from './proc-file.ts';
import { fullProcessName } from './process-name.ts';
import type { ProcessStat } from './process-stat.ts';
import { StatFiles } from './stat-files.ts';

/** A process that runs. */
export interface RunningProcess {
  readonly comm: string;
  /** As the command line gives it; null for kernel threads and where there is none. */
  readonly fullName: string | null;
  /** Share of one CPU since the previous look, so up to 100 for each thread, as top(1) shows it. */
  readonly cpuPercent: number;
  readonly residentBytes: number;
}

/** What one look at the processes found. */
export interface ProcessLook {
  readonly running: readonly RunningProcess[];
  /** False at the first look, when every cpuPercent is 0 for want of an earlier one. */
  readonly hasRates: boolean;
  /** False where the system hides the processes of other users (proc(5), hidepid). */
  readonly complete: boolean;
}

interface Known {
  readonly startTicks: number;
  comm: string;
  fullName: string | null;
  baseTicks: number;
  cpuPercent: number;
  look: number;
}

/** All processes of the computer, with what must be remembered of each for its CPU share and its name. */
export class ProcessTable {
  readonly #procDir: string;
  readonly #units: KernelUnits;
  readonly #files: StatFiles;
  readonly #known = new Map<number, Known>();
  #look = 0;
  #baseMs: number | null = null;
  #ratesTaken = false;
  /** The latest start among all processes of the previous look. */
  #newestStartTicks = 0;

  constructor(procDir = '/proc') {
    this.#procDir = procDir;
    this.#files = new StatFiles(procDir);
    this.#units = readKernelUnits(procDir);
  }

  /** Goes through /proc once: about 6 µs for each process, kernel threads included. Throws where /proc cannot be listed. */
  look(monotonicMs: number): ProcessLook {
    const elapsedMs = this.#baseMs === null ? null : monotonicMs - this.#baseMs;
    const movesBase = elapsedMs === null || elapsedMs >= MIN_INTERVAL_MS;
    const running: RunningProcess[] = [];
    let complete = false;
    this.#look += 1;
    for (const name of readdirSync(this.#procDir)) {
      const pid = pidOf(name);
      // Most processes that are seen for the first time are short-lived: only those seen again are worth a file.
      const stat = pid === null ? null : this.#files.read(pid, this.#known.has(pid));
      if (pid === null || stat === null) continue;
      if (pid === 1) complete = true;
      // A zombie has ended and only waits to be noticed by its parent.
      if (stat.state === 'Z' || stat.state === 'X' || stat.state === 'x') continue;
      const known = this.#remember(pid, stat);
      if (movesBase) {
        const grown = Math.max(0, stat.cpuTicks - known.baseTicks);
        known.cpuPercent =
          elapsedMs === null ? 0 : (grown * 100_000) / (this.#units.ticksPerSecond * elapsedMs);
        known.baseTicks = stat.cpuTicks;
      }
      running.push({
        comm: known.comm,
        fullName: known.fullName,
        cpuPercent: known.cpuPercent,
        residentBytes: stat.residentPages * this.#units.pageBytes,
      });
    }
    this.#forgetEnded();
    const hasRates = elapsedMs !== null && (movesBase || this.#ratesTaken);
    if (movesBase) {
      this.#ratesTaken = elapsedMs !== null;
      this.#baseMs = monotonicMs;
    }
    return { running, hasRates, complete };
  }

  /** Closes what is kept open. */
  close(): void {
    this.#files.close();
  }

  #remember(pid: number, stat: ProcessStat): Known {
    let known = this.#known.get(pid);
    if (known === undefined || known.startTicks !== stat.startTicks) {
      // All CPU time of a process that began after the previous look falls between the two. One that is older was hidden
      // then, and its time of hours ago is none of this interval's.
      const isNew = stat.startTicks >= this.#newestStartTicks;
      known = {
        startTicks: stat.startTicks,
        comm: stat.comm,
        fullName: this.#readName(pid, stat),
        baseTicks: isNew ? 0 : stat.cpuTicks,
        cpuPercent: 0,
        look: 0,
      };
      this.#known.set(pid, known);
    } else if (known.comm !== stat.comm || (known.fullName === null && !stat.isKernelThread)) {
      // It runs another program now (exec), or was looked at in the middle of becoming one.
      known.comm = stat.comm;
      known.fullName = this.#readName(pid, stat);
    }
    known.look = this.#look;
    return known;
  }

  #readName(pid: number, stat: ProcessStat): string | null {
    if (stat.isKernelThread) return null;
    try {
      return fullProcessName(stat.comm, readSmall(`${this.#procDir}/${pid}/cmdline`));
    } catch {
      return null;
    }
  }

  #forgetEnded(): void {
    for (const [pid, known] of this.#known) {
      if (known.look !== this.#look) {
        this.#known.delete(pid);
        this.#files.forget(pid);
      } else this.#newestStartTicks = Math.max(this.#newestStartTicks, known.startTicks);
    }
  }
}

function pidOf(name: string): number | null {
  const first = name.charCodeAt(0);
  if (first < 0x31 || first > 0x39) return null;
  const pid = Number(name);
  return Number.isInteger(pid) ? pid : null;
}
