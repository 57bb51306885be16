import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createAgentLog } from '../../electron/agent/log.ts';
import { startUpdates } from '../../electron/desktop/updater.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { scratchDir } from '../fakes/scratch-dir.ts';
import { app } from './fakes/electron.ts';

const updater = vi.hoisted(() => ({
  allowDowngrade: true,
  allowPrerelease: true,
  autoDownload: false,
  autoInstallOnAppQuit: false,
  logger: {} as unknown,
  checkForUpdates: vi.fn(async () => null),
}));
vi.mock('electron-updater', () => ({ autoUpdater: updater }));

const TEN_MINUTES = 10 * 60_000;
const DAY = 24 * 60 * 60_000;
const CONFIG = 'provider: generic\nurl: https://updates.contoso.example\npublisherName: Contoso\n';

let clock: FakeClock;
const warnings: string[] = [];
const write = (_fields: object, text: string) => warnings.push(text);
const log = createAgentLog({ info: write, warn: write, error: write });

/** Starts it as an app that is installed, with this `app-update.yml`, and lets the first ten minutes pass. */
async function start(config: string | null, isPackaged = true) {
  const folder = scratchDir();
  Object.assign(process, { resourcesPath: folder });
  if (config !== null) writeFileSync(join(folder, 'app-update.yml'), config);
  app.isPackaged = isPackaged;
  startUpdates(clock, log);
  await clock.advance(TEN_MINUTES);
}

beforeEach(() => {
  clock = new FakeClock();
  updater.checkForUpdates.mockClear();
  warnings.length = 0;
});

describe('updates', () => {
  test('are looked for once a day, and never lead back to an older version', async () => {
    await start(CONFIG);
    await vi.waitFor(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(1));
    expect(updater).toMatchObject({
      allowDowngrade: false,
      allowPrerelease: false,
      autoDownload: true,
      autoInstallOnAppQuit: true,
    });
    await clock.advance(DAY);
    await vi.waitFor(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(2));
  });

  test('that cannot be looked for are looked for again tomorrow', async () => {
    updater.checkForUpdates.mockRejectedValueOnce(new Error('net::ERR_INTERNET_DISCONNECTED'));
    await start(CONFIG);
    await vi.waitFor(() => expect(warnings.join()).toContain('no update could be looked for'));
    await clock.advance(DAY);
    await vi.waitFor(() => expect(updater.checkForUpdates).toHaveBeenCalledTimes(2));
  });

  test.each([
    ['a checkout', CONFIG, false],
    ['an app that was packed without an address', null, true],
    ['an address that is not safe', CONFIG.replace('https', 'http'), true],
  ])('are not looked for by %s', async (_who, config, isPackaged) => {
    await start(config, isPackaged);
    await clock.advance(DAY);
    expect(updater.checkForUpdates).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });
});
