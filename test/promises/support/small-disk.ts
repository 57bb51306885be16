import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A small disk of its own, mounted on a folder. */
export interface SmallDisk {
  /** Takes every free byte. */
  readonly fill: () => void;
  /** Gives them back. */
  readonly free: () => void;
  readonly unmount: () => void;
}

/** Mounts a tmpfs; a string says why this cannot be done here. */
export function mountSmallDisk(dir: string, megabytes: number): SmallDisk | string {
  if (process.platform !== 'linux') return 'only Linux has tmpfs';
  if (process.getuid?.() !== 0) return 'mounting a tmpfs needs root';
  const mount = (...words: string[]) => execFileSync('mount', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tocsin-small-disk', dir);
  } catch (error) {
    return `a tmpfs cannot be mounted here (${error instanceof Error ? (error.message.split('\n')[1] ?? '') : ''})`;
  }
  const filler = join(dir, 'filler');
  return {
    fill: () => {
      const file = openSync(filler, 'a');
      try {
        // Down to the last byte: a write takes what fits and fails only where nothing does.
        for (let size = 65_536; size >= 1; ) {
          try {
            if (writeSync(file, Buffer.alloc(size)) < size) size = Math.floor(size / 2);
          } catch {
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      // The processes that used it have ended; a lazy unmount would hide that one has not.
      execFileSync('umount', [dir], { stdio: 'ignore' });
    },
  };
}
