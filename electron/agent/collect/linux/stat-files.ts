import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../failure.ts';
import { parseProcessStat, type ProcessStat } from './process-stat.ts';
import { readSmallFrom } from './proc-file.ts';

/** It ended meanwhile, or belongs to somebody else. Anything else, such as too many open files, is no answer at all. */
const LEFT_OUT: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** So many files are kept open at the most: far below the 1,024 that a program may usually have. */
const MOST_KEPT = 256;

/**
 * /proc/PID/stat of all processes. A file that is kept open is read without the kernel looking its path up, which
 * halves the cost. It stays with its process: once that has ended, reading fails, even where its number belongs to
 * another one by then.
 */
export class StatFiles {
  readonly #procDir: string;
  readonly #kept = new Map<number, number>();

  constructor(procDir: string) {
    this.#procDir = procDir;
  }

  /** Null where the process ended meanwhile or may not be looked at. `keep`: it will be asked for again. */
  read(pid: number, keep: boolean): ProcessStat | null {
    try {
      return this.#readKept(pid) ?? this.#readNew(pid, keep);
    } catch (error) {
      if (!LEFT_OUT.has(errorCode(error) ?? '')) throw error;
      return null;
    }
  }

  forget(pid: number): void {
    const descriptor = this.#kept.get(pid);
    if (descriptor === undefined) return;
    this.#kept.delete(pid);
    closeSync(descriptor);
  }

  close(): void {
    for (const pid of this.#kept.keys()) this.forget(pid);
  }

  #readKept(pid: number): ProcessStat | null {
    const descriptor = this.#kept.get(pid);
    if (descriptor === undefined) return null;
    try {
      const stat = parseProcessStat(readSmallFrom(descriptor));
      if (stat !== null) return stat;
    } catch {
      // It has ended. Its number may be another one's now, which a new file tells.
    }
    this.forget(pid);
    return null;
  }

  #readNew(pid: number, keep: boolean): ProcessStat | null {
    const descriptor = openSync(`${this.#procDir}/${pid}/stat`, 'r');
    const kept = keep && this.#kept.size < MOST_KEPT;
    if (kept) this.#kept.set(pid, descriptor);
    try {
      return parseProcessStat(readSmallFrom(descriptor));
    } finally {
      if (!kept) closeSync(descriptor);
    }
  }
}
