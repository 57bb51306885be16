import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronRuntime =
  | { readonly found: true; readonly program: string }
  | { readonly found: false; readonly why: string };

/**
 * Looks for Electron's runtime as its own package does, without fetching it: `require('electron')` would begin a download
 * of 100 MB (electron/index.js).
 */
export function findElectron(
  packageDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): ElectronRuntime {
  const pathFile = join(packageDir, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null;
  const elsewhere = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const program = elsewhere
    ? join(elsewhere, name ?? 'electron')
    : name === null
      ? null
      : join(packageDir, 'dist', name);
  if (program !== null && existsSync(program)) return { found: true, program };
  const why =
    program === null
      ? 'The runtime of the desktop app has not been fetched (npx install-electron fetches it)'
      : `There is no runtime of the desktop app at ${program}`;
  return { found: false, why };
}
