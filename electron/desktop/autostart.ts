import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { app } from 'electron';
import { writeFileAtomic } from '../agent/platform/files.ts';
import { autostartEntry, autostartPath } from '../service/xdg-autostart.ts';

/** Starts the app at login, without a window, or no longer. Linux has no call for it: an entry of the desktop is written. */
export function setStartsAtLogin(isOn: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: isOn, args: ['--hidden'] });
    return;
  }
  const path = autostartPath(process.env, homedir());
  if (!isOn) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  // An AppImage runs from a place that is gone when it ends; it says itself where it lies.
  writeFileAtomic(path, autostartEntry([process.env['APPIMAGE'] ?? process.execPath, '--hidden']));
}
