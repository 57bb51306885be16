import { dirname, join } from 'node:path';
import type { DataDir } from './data-dir.ts';

/**
 * Folders in which an installation may leave settings for the next start: `import` in the data folder, and on Windows
 * `import` beside the installed program, where the installer puts what lay beside itself.
 */
export function deliveryPlaces(
  dataDir: DataDir,
  system: NodeJS.Platform = process.platform,
  program: string | null = process.versions['electron'] === undefined ? null : process.execPath,
): readonly string[] {
  const own = join(dataDir.path, 'import');
  // Only administrators write there; on other systems an app lies where its user may write.
  return system === 'win32' && program !== null ? [join(dirname(program), 'import'), own] : [own];
}
