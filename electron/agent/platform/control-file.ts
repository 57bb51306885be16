import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import type { DataDir } from './data-dir.ts';
import { writeFileAtomic } from './files.ts';

const controlFile = z.strictObject({ port: z.int(), token: z.string(), pid: z.int() });

/** Where the running agent listens, and the token that its callers bring. */
export type Control = z.infer<typeof controlFile>;

/** Written with mode 0600: whoever may read the data folder may command the agent. */
export function writeControl(dataDir: DataDir, control: Control): void {
  writeFileAtomic(dataDir.controlPath, `${JSON.stringify(control)}\n`);
}

export function forgetControl(dataDir: DataDir): void {
  rmSync(dataDir.controlPath, { force: true });
}

/** Null where no agent has left word. The agent may be gone all the same: it was killed. */
export function readControl(dataDir: DataDir): Control | null {
  try {
    return controlFile.parse(JSON.parse(readFileSync(dataDir.controlPath, 'utf8')));
  } catch {
    return null;
  }
}
