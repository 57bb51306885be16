import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { readControl } from '../../electron/agent/platform/control-file.ts';
import { dataDirAt, isDataDirLocked } from '../../electron/agent/platform/data-dir.ts';
import { askAgent } from '../../electron/client/control-http.ts';
import { runDesktop } from '../../electron/desktop/app.ts';
import { startRealAgent } from '../fakes/real-agent.ts';
import { scratchDir } from '../fakes/scratch-dir.ts';
import { app, ipcMain, powerMonitor, seen } from './fakes/electron.ts';

vi.mock('electron-store', () => ({
  default: class {
    readonly #kept = new Map<string, unknown>([
      ['windowPlace', null],
      ['startsAtLogin', null],
    ]);
    get(key: string) {
      return this.#kept.get(key);
    }
    set(key: string, value: unknown) {
      this.#kept.set(key, value);
    }
  },
}));

const SETTINGS = {
  version: 1,
  installation: { name: 'front-desk' },
  alerts: [
    {
      name: 'Memory & more',
      severity: 'critical',
      conditions: [{ metric: 'memory.usedPercent', above: 0 }],
      recipients: ['it@contoso.example'],
    },
  ],
};

/** The agent checks at its start, and tells of it within a second. */
const SOON = { timeout: 5000 };

let folder: string;

beforeEach(() => {
  folder = scratchDir();
  seen.answer = 0;
  seen.isFirst = true;
  app.isPackaged = false;
  // Only Electron sets it.
  Object.assign(process, { resourcesPath: folder });
});

afterEach(async () => {
  // Ends the app of the test, where it still runs.
  app.emit('will-quit', { preventDefault: () => {} });
  await vi.waitFor(() => {
    if (isDataDirLocked(dataDirAt(folder))) throw new Error('the agent still runs');
  }, SOON);
  for (const emitter of [app, powerMonitor]) emitter.removeAllListeners();
  for (const list of [
    seen.exits,
    seen.windows,
    seen.trays,
    seen.errorBoxes,
    seen.questions,
    seen.notifications,
  ]) {
    list.length = 0;
  }
});

const start = (fields: { isHidden?: boolean; settingsFile?: string } = {}) =>
  runDesktop({ mode: 'desktop', isHidden: false, settingsFile: null, dataDir: folder, ...fields });

function settingsFile(settings: unknown = SETTINGS): string {
  const path = join(scratchDir(), 'settings.json');
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

/** What the tray's menu says, submenus indented. */
function menuLines(items: readonly MenuItemConstructorOptions[] = trayItems(), indent = ''): string[] {
  return items.flatMap((item) => [
    `${indent}${item.type === 'separator' ? '---' : item.label}`,
    ...(Array.isArray(item.submenu) ? menuLines(item.submenu, `${indent}  `) : []),
  ]);
}

function trayItems(): readonly MenuItemConstructorOptions[] {
  return seen.trays.at(-1)?.menu?.items ?? [];
}

/** Chooses an entry as a click on it would. */
function choose(label: string, items = trayItems()): boolean {
  return items.some((item) => {
    if (item.label === label && item.click) {
      (item.click as () => void)();
      return true;
    }
    return Array.isArray(item.submenu) && choose(label, item.submenu);
  });
}

describe('the app', () => {
  test('watches, shows it in the tray, and opens its window', async () => {
    await start();
    expect(isDataDirLocked(dataDirAt(folder))).toBe(true);
    expect(seen.windows).toHaveLength(1);
    await vi.waitFor(() => expect(menuLines()[0]).toContain('Nothing is wrong'), SOON);
    expect(menuLines()).toContain('Quit Tocsin: nothing is watched then…');
    expect(seen.trays[0]?.tooltip).toMatch(/^Tocsin: nothing is wrong/);
    expect(seen.paths.get('userData')).toBe(join(folder, 'desktop'));
    expect(ipcMain.handlers.size).toBe(1);
  });

  test('serves the page under the policy of the web console, and nothing else', async () => {
    await start();
    const serve = seen.sessions.at(-1)?.schemes.get('tocsin');
    const policyOf = async (url: string) =>
      (await serve?.(new Request(url)))?.headers.get('content-security-policy');
    expect(await policyOf('tocsin://app/')).toContain("script-src 'self'");
    const refused = await serve?.(new Request('tocsin://app/../package.json'));
    expect(refused?.status).toBe(404);
    expect((await serve?.(new Request('tocsin://evil/')))?.status).toBe(404);
  });

  test('started at login it shows no window; a second start shows it', async () => {
    await start({ isHidden: true });
    expect(seen.windows).toEqual([]);
    app.emit('second-instance', {}, []);
    expect(seen.windows).toHaveLength(1);
  });

  test('a second start on the same data folder ends at once', async () => {
    seen.isFirst = false;
    await start();
    expect(seen.exits).toEqual([0]);
    expect(seen.trays).toEqual([]);
    expect(isDataDirLocked(dataDirAt(folder))).toBe(false);
  });

  test('settings that it is started with are taken in and the file is wiped; faulty ones change nothing', async () => {
    const file = settingsFile();
    await start({ settingsFile: file, isHidden: true });
    expect(existsSync(file)).toBe(false);
    await vi.waitFor(() => expect(seen.trays.at(-1)?.tooltip).toContain('1 alert'), SOON);

    const faulty = settingsFile({ version: 1, surprise: true });
    seen.isFirst = false;
    await start({ settingsFile: faulty });
    expect(seen.errorBoxes.join()).toContain('was not taken in');
    expect(existsSync(faulty)).toBe(true);
    expect(seen.exits).toEqual([2]);
  });

  test('passwords are kept by the keyring of the system', async () => {
    const smtp = {
      servers: [
        {
          host: '127.0.0.1',
          port: 9,
          auth: { method: 'password', user: 'me', password: 'canary-password' },
        },
      ],
    };
    await start({ settingsFile: settingsFile({ ...SETTINGS, smtp }), isHidden: true });
    expect(readFileSync(join(folder, 'secrets.key'), 'utf8')).toMatch(/^sealed:/);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).not.toContain('canary');
    const asked = async () => {
      const control = readControl(dataDirAt(folder));
      if (control === null) throw new Error('no agent');
      const view = await askAgent(control, 'settings.get', {});
      const status = await askAgent(control, 'status.get', {});
      return view.ok && status.ok ? [view.reply.secrets.smtp, status.reply.secretsProtection] : [];
    };
    if (process.platform === 'linux') {
      expect(await asked()).toEqual([[true], 'the keyring of this system (gnome_libsecret)']);
    }
  });

  test('a click in the tray reaches the agent', async () => {
    await start({ settingsFile: settingsFile(), isHidden: true });
    await vi.waitFor(() => expect(menuLines()).toContain('Critical: Memory && more'), SOON);
    expect(seen.trays[0]?.image).toContain('critical-on-light');
    expect(choose('For 15 min')).toBe(true);
    await vi.waitFor(() => expect(seen.trays[0]?.tooltip).toContain('paused'), SOON);
    expect(seen.trays[0]?.image).toContain('paused-on-light');
    expect(choose('Delivery log')).toBe(true);
    expect(seen.windows[0]?.webContents.url).toBe('tocsin://app/#/log');
    expect(choose('E-mail settings')).toBe(true);
    expect(seen.windows[0]?.webContents.url).toBe('tocsin://app/#/email');
  });

  test('quitting says what stops, and does so only when it is meant', async () => {
    await start({ isHidden: true });
    seen.answer = 1;
    choose('Quit Tocsin: nothing is watched then…');
    await vi.waitFor(() => expect(seen.questions).toHaveLength(1), SOON);
    expect(seen.questions[0]?.message).toContain('Nothing is watched then');
    expect(seen.exits).toEqual([]);
    seen.answer = 0;
    choose('Quit Tocsin: nothing is watched then…');
    await vi.waitFor(() => expect(seen.exits).toEqual([0]), SOON);
    expect(isDataDirLocked(dataDirAt(folder))).toBe(false);
    expect(readControl(dataDirAt(folder))).toBeNull();
  });

  test('beside a service it is its client: quitting asks nothing and stops nothing', async () => {
    const service = await startRealAgent({ folder, settings: SETTINGS });
    folder = service.dataDir.path;
    try {
      await start();
      await vi.waitFor(() => expect(seen.trays.at(-1)?.tooltip).toContain('1 alert'), SOON);
      choose('Quit: the service goes on watching');
      await vi.waitFor(() => expect(seen.exits).toEqual([0]), SOON);
      expect(seen.questions).toEqual([]);
      expect(isDataDirLocked(service.dataDir)).toBe(true);
    } finally {
      await service.agent.stop();
    }
  });

  test('settings that cannot be used are said, and the app ends', async () => {
    writeFileSync(join(folder, 'settings.json'), '{');
    await start();
    expect(seen.errorBoxes.join()).toContain('cannot be used');
    expect(seen.exits).toEqual([3]);
  });

  test('an app that is installed starts at login until somebody says otherwise', async () => {
    app.isPackaged = true;
    const config = scratchDir();
    vi.stubEnv('XDG_CONFIG_HOME', config);
    await start({ isHidden: true });
    const entry = join(config, 'autostart', 'tocsin.desktop');
    if (process.platform === 'linux') expect(existsSync(entry)).toBe(true);
    expect(choose('Start at login')).toBe(true);
    if (process.platform === 'linux') expect(existsSync(entry)).toBe(false);
    vi.unstubAllEnvs();
  });

  test('a notification leads to the page that says more', async () => {
    await start({ isHidden: true });
    await vi.waitFor(() => expect(menuLines()[0]).toContain('Nothing is wrong'), SOON);
    expect(seen.notifications).toEqual([]);
    seen.isFirst = false;
    await start({ settingsFile: settingsFile() });
    await vi.waitFor(() => expect(seen.notifications).toHaveLength(1), SOON);
    expect(seen.notifications[0]?.options).toMatchObject({ title: 'Memory & more', urgency: 'critical' });
    seen.notifications[0]?.emit('click');
    expect(seen.windows[0]?.webContents.url).toBe('tocsin://app/#/overview');
  });
});
