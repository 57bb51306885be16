import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { Clock } from '../../shared/model/clock.ts';
import type { AgentLog } from '../agent/log.ts';
import { mayUpdate } from '../update-rules.ts';

const CHECK_EVERY_MS = 24 * 60 * 60_000;
/** The computer has just started, and so has everything else on it. */
const FIRST_CHECK_MS = 10 * 60_000;

/** Looks for updates once a day; one that was fetched is installed when the app ends. Never an older version. */
export function startUpdates(clock: Clock, log: AgentLog): void {
  if (!app.isPackaged) return;
  const path = join(process.resourcesPath, 'app-update.yml');
  if (!mayUpdate(existsSync(path) ? readFileSync(path, 'utf8') : null, process.platform)) return;
  const check = async () => {
    const { autoUpdater } = await import('electron-updater');
    autoUpdater.allowDowngrade = false;
    autoUpdater.allowPrerelease = false;
    autoUpdater.autoDownload = true;
    autoUpdater.autoInstallOnAppQuit = true;
    autoUpdater.logger = null;
    await autoUpdater.checkForUpdates();
  };
  const checkAfter = (delayMs: number) => {
    clock.after(delayMs, () => {
      // Without a network there is no update, and tomorrow is another day.
      check().catch((error: unknown) => log.warn(`no update could be looked for: ${String(error)}`));
      checkAfter(CHECK_EVERY_MS);
    });
  };
  checkAfter(FIRST_CHECK_MS);
}
