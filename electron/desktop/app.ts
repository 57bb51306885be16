import { join } from 'node:path';
import { app, dialog, Menu, session as sessions } from 'electron';
import { systemClock } from '../../mail/platform/clock.ts';
import { createAgentLog } from '../agent/log.ts';
import { dataDirAt } from '../agent/platform/data-dir.ts';
import { distDir } from '../agent/platform/dist-dir.ts';
import { makeOwnerOnlyDir } from '../agent/platform/files.ts';
import { createJsonLines } from '../agent/platform/json-lines.ts';
import { createLogFile } from '../agent/platform/log-file.ts';
import { createAgentClient } from '../client/agent-client.ts';
import { startOrJoin } from '../client/own-agent.ts';
import { takeInOrSay } from '../commands/import.ts';
import type { DesktopOptions } from '../desktop-options.ts';
import type { TrayPage } from '../tray/tray-menu.ts';
import { registerAppScheme, serveApp } from './app-protocol.ts';
import { macMenu } from './app-menu.ts';
import { setStartsAtLogin } from './autostart.ts';
import { harden } from './hardening.ts';
import { greet, serveCalls } from './ipc-main.ts';
import { systemKeyring } from './keyring.ts';
import { startNotices } from './notices.ts';
import { followPower } from './power.ts';
import { openPreferences } from './preferences.ts';
import { createEnd } from './quit.ts';
import { createSettingsWindow } from './settings-window.ts';
import { startTray } from './tray-controller.ts';
import { startUpdates } from './updater.ts';

/** The tray's words for pages, and the page's own addresses. */
const ADDRESSES: Readonly<Record<TrayPage, string>> = {
  overview: 'overview',
  log: 'log',
  settings: 'email',
  about: 'about',
};

/** The app with its tray icon, until somebody quits it. Hardened before anything else. */
export async function runDesktop(options: Extract<DesktopOptions, { mode: 'desktop' }>): Promise<void> {
  harden();
  registerAppScheme();
  app.setAppUserModelId('app.tocsin.desktop');
  const dataDir = dataDirAt(options.dataDir);
  makeOwnerOnlyDir(dataDir.path);
  // One app for one data folder; what Chromium keeps lies with it.
  app.setPath('userData', join(dataDir.path, 'desktop'));
  const isFirst = app.requestSingleInstanceLock();
  if (!isFirst && options.settingsFile === null) {
    app.exit(0);
    return;
  }
  const log = createAgentLog(createJsonLines(createLogFile(join(dataDir.path, 'desktop.log'))));
  await app.whenReady();
  const say = (sentence: string) => {
    log.warn(sentence);
    if (!options.isHidden) dialog.showErrorBox('Tocsin', sentence);
  };
  const begin = () => startOrJoin(dataDir, log, systemKeyring());
  let watching = isFirst ? await begin() : null;
  if (options.settingsFile !== null) {
    const failure = await takeInOrSay(dataDir, options.settingsFile);
    if (failure !== null) say(failure);
    if (watching === null) {
      app.exit(failure === null ? 0 : 2);
      return;
    }
    // Sound settings may be what it lacked.
    if (!watching.ok && failure === null) watching = await begin();
  }
  if (watching?.ok !== true) {
    say(watching?.why ?? 'Tocsin runs already.');
    app.exit(3);
    return;
  }
  const { agent } = watching;
  const client = createAgentClient(dataDir, systemClock);
  const preferences = openPreferences();
  const iconsDir = join(app.getAppPath(), 'electron', 'icons');
  const iconPath = join(iconsDir, 'app.png');
  const built = distDir() ?? join(app.getAppPath(), 'dist');
  // Nothing of the page is kept on the disk.
  const session = sessions.fromPartition('page', { cache: false });
  serveApp(session, client, built);
  const window = createSettingsWindow({
    clock: systemClock,
    session,
    distDir: built,
    iconPath,
    place: {
      get: () => preferences.get('windowPlace'),
      set: (place) => preferences.set('windowPlace', place),
    },
    onLoaded: (contents) => greet(contents, client),
  });
  serveCalls(client, window.contents);
  const show = (page: TrayPage) => window.show(ADDRESSES[page]);
  const end = createEnd({
    ownsAgent: agent !== null,
    async stop() {
      window.destroy();
      tray.destroy();
      client.close();
      await agent?.stop();
    },
  });
  const login = {
    // An app in a checkout is not there to be started at login.
    get: () => (app.isPackaged ? (preferences.get('startsAtLogin') ?? true) : null),
    set(isOn: boolean) {
      preferences.set('startsAtLogin', isOn);
      setStartsAtLogin(isOn);
    },
  };
  if (app.isPackaged && preferences.get('startsAtLogin') === null) login.set(true);
  const tray = startTray({
    client,
    clock: systemClock,
    iconsDir,
    ownsAgent: agent !== null,
    login,
    show,
    quit: () => end.ask(),
    say: (sentence) => dialog.showErrorBox('Tocsin', sentence),
  });
  startNotices(client, iconPath, show);
  startUpdates(systemClock, log);
  followPower(agent, () => end.end());
  Menu.setApplicationMenu(process.platform === 'darwin' ? macMenu(() => end.ask()) : null);
  app.dock?.hide();
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  log.info(agent === null ? 'the desktop app has joined the service' : 'the desktop app watches');
  if (!options.isHidden) window.show();
}
