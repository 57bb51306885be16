import { join } from 'node:path';
import { readSmall } from './proc-file.ts';

/**
 * Where systemd keeps its tree of control groups, by the way the system is set up: only version 2; versions 1 and 2 side by
 * side; version 1 alone (systemd, "The New Control Group Interfaces").
 */
const ROOTS = ['fs/cgroup', 'fs/cgroup/unified', 'fs/cgroup/systemd'];

/** Whether the control groups of services hold processes: a read of 10 µs for each, where asking systemd takes milliseconds. */
export class ControlGroups {
  readonly #sysDir: string;

  constructor(sysDir = '/sys') {
    this.#sysDir = sysDir;
  }

  /** Whether some process is in the group or below it; false where there is no such group, which systemd removes with the last one. */
  isPopulated(group: string): boolean {
    if (!group.startsWith('/') || group.split('/').includes('..')) return false;
    return ROOTS.some((root) => {
      const folder = join(this.#sysDir, root, group);
      const events = readIfThere(join(folder, 'cgroup.events'));
      if (events !== null) return /^populated 1$/m.test(events);
      return (readIfThere(join(folder, 'cgroup.procs')) ?? '') !== '';
    });
  }
}

/** A group that may not be looked at is as good as none: it only decides how soon systemd is asked. */
function readIfThere(path: string): string | null {
  try {
    return readSmall(path).toString('latin1');
  } catch {
    return null;
  }
}
