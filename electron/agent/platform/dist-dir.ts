import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that `scripts/build.ts` fills: `dist/` beside the nearest package.json above this program; null without one. */
export function distDir(from: string = import.meta.dirname): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return join(dir, 'dist');
    if (dir === dirname(dir)) return null;
  }
}
