import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Keeps what is to be done at the end: of a test, of a file. */
export type AtEnd = (work: () => void | Promise<void>) => void;

/** A new empty folder that is removed when the running test has ended, or with what `atEnd` stands for. */
export function scratchDir(atEnd: AtEnd = onTestFinished): string {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-unit-'));
  atEnd(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** For a set-up that all tests of a file share: give `atEnd` to it, and `end` to `afterAll`. */
export function endOfFile(): { readonly atEnd: AtEnd; readonly end: () => Promise<void> } {
  const works: Parameters<AtEnd>[0][] = [];
  return {
    atEnd: (work) => void works.push(work),
    async end() {
      for (const work of works.toReversed()) await work();
    },
  };
}
