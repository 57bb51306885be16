import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that stands for /proc or /sys, removed when the test ends. */
export class FixtureTree {
  readonly dir: string;

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'tocsin-collect-'));
    onTestFinished(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  /** Writes a file in place, as the kernel changes the content of one that is held open. */
  write(path: string, content: string | Uint8Array): this {
    const full = join(this.dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.dir, path), { recursive: true });
    return this;
  }
}
