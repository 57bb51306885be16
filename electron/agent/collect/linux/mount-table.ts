import { join } from 'node:path';
import type { MeasureTime } from '../source.ts';
import { mayHang, type Mount, parseMountinfo } from './mountinfo.ts';
import { ProcFile } from './proc-file.ts';

/**
 * What is mounted where. /proc/self/mountinfo can be polled for changes, but not from Node; so its bytes are compared
 * once a cycle with those before (30 µs for 20 mounts) and parsed only when they differ.
 */
export class MountTable {
  readonly #file: ProcFile;
  #bytes = Buffer.alloc(0);
  #mounts: ReadonlyMap<string, Mount> = new Map();
  #hanging: readonly string[] = [];
  #readAtMs: number | null = null;

  constructor(procDir = '/proc') {
    this.#file = new ProcFile(join(procDir, 'self/mountinfo'));
  }

  /** What is mounted at exactly this path; null where nothing is. A slash at the end does not matter. */
  at(path: string, time: MeasureTime): Mount | null {
    return this.all(time).get(trimSlash(path)) ?? null;
  }

  /** All mounts by mount point, read at most once for each cycle. */
  all(time: MeasureTime): ReadonlyMap<string, Mount> {
    if (this.#readAtMs !== time.monotonic) {
      this.#refresh();
      this.#readAtMs = time.monotonic;
    }
    return this.#mounts;
  }

  /** Whether the path lies, as far as its name tells, on a file system whose server may not answer. */
  mayHang(path: string, time: MeasureTime): boolean {
    this.all(time);
    return this.#hanging.some((mountPoint) => path === mountPoint || path.startsWith(`${mountPoint}/`));
  }

  close(): void {
    this.#file.close();
  }

  #refresh(): void {
    const bytes = this.#file.read();
    if (bytes.equals(this.#bytes)) return;
    this.#bytes = Buffer.from(bytes);
    this.#mounts = parseMountinfo(bytes.toString('utf8'));
    this.#hanging = [...this.#mounts.values()].filter(mayHang).map((mount) => trimSlash(mount.mountPoint));
  }
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
