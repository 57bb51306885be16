import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../shared/model/clock.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { writeFileAtomic } from '../agent/platform/files.ts';

/** Whether windows can be shown to somebody who sits at this computer. */
export function hasDisplay(environment: NodeJS.ProcessEnv, system: NodeJS.Platform): boolean {
  switch (system) {
    case 'win32':
      // Services run in a session of their own, which has no name.
      return Boolean(environment['SESSIONNAME']);
    case 'darwin':
      return !environment['SSH_CONNECTION'];
    default:
      return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
  }
}

/** For so long a browser has time to read the file that leads it. */
const READ_MS = 30_000;

/**
 * Opens an address in the browser of this desktop; null where there is no display. The address admits whoever comes
 * first, and arguments of programs can be read by every user: the browser is given a file that only this user can read, and
 * that leads it on. The file is removed after half a minute, or by the function that is returned.
 */
export function openInBrowser(
  url: string,
  dataDir: DataDir,
  clock: Clock,
  environment: NodeJS.ProcessEnv = process.env,
  system: NodeJS.Platform = process.platform,
): (() => void) | null {
  if (!hasDisplay(environment, system)) return null;
  const path = join(dataDir.path, 'open-console.html');
  writeFileAtomic(path, leadingPage(url));
  const remove = () => rmSync(path, { force: true });
  const cancel = clock.after(READ_MS, remove);
  const [program, ...args] = opener(system);
  const child = spawn(program, [...args, pathToFileURL(path).href], {
    detached: true,
    env: environment,
    stdio: 'ignore',
  });
  // Without such a program, the address that was printed is still there.
  child.once('error', () => {});
  child.unref();
  return () => {
    cancel();
    remove();
  };
}

function leadingPage(url: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Tocsin</title><meta http-equiv="refresh" content="0; url=${url}">\n`;
}

function opener(system: NodeJS.Platform): readonly [string, ...string[]] {
  switch (system) {
    case 'win32':
      return ['explorer.exe'];
    case 'darwin':
      return ['open'];
    default:
      return ['xdg-open'];
  }
}
