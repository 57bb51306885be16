import { beforeEach, describe, expect, test } from 'vitest';
import { createSettingsWindow } from '../../electron/desktop/settings-window.ts';
import type { Place } from '../../electron/tray/window-place.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { seen } from './fakes/electron.ts';

const FIVE_MINUTES = 5 * 60_000;

function rig() {
  const clock = new FakeClock();
  let kept: Place | null = null;
  const loaded: unknown[] = [];
  const window = createSettingsWindow({
    clock,
    session: {} as never,
    distDir: '/dist',
    iconPath: '/icon.png',
    place: {
      get: () => kept,
      set: (place) => {
        kept = place;
      },
    },
    onLoaded: (contents) => loaded.push(contents),
  });
  return { window, clock, loaded, place: () => kept, last: () => seen.windows.at(-1) };
}

beforeEach(() => {
  seen.windows.length = 0;
});

describe('the window', () => {
  test('is made when it is wanted, walled off from the computer, and shown when it is drawn', () => {
    const { window, last, loaded } = rig();
    expect(seen.windows).toEqual([]);
    window.show();
    const made = last();
    expect(made?.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(made?.webContents.url).toBe('tocsin://app/');
    expect(made?.isShown).toBe(false);
    made?.emit('ready-to-show');
    expect(made?.isShown).toBe(true);
    made?.webContents.emit('did-finish-load');
    expect(loaded).toEqual([made?.webContents]);
  });

  test('closing hides it; shown again within five minutes it is the same', async () => {
    const { window, clock, last } = rig();
    window.show();
    last()?.close();
    expect(last()?.isShown).toBe(false);
    expect(last()?.isGone).toBe(false);
    await clock.advance(FIVE_MINUTES - 1);
    window.show('log');
    expect(last()?.isShown).toBe(true);
    expect(last()?.webContents.url).toBe('tocsin://app/#/log');
    await clock.advance(FIVE_MINUTES * 2);
    expect(last()?.isGone).toBe(false);
    expect(seen.windows).toHaveLength(1);
  });

  test('hidden for five minutes its process is ended, and the next is made where it was', async () => {
    const { window, clock, last, place } = rig();
    window.show();
    const first = last();
    if (first !== undefined) first.bounds = { x: 100, y: 50, width: 1000, height: 700 };
    first?.close();
    await clock.advance(FIVE_MINUTES);
    expect(first?.isGone).toBe(true);
    expect(window.contents()).toBeNull();
    expect(place()).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
    window.show();
    expect(last()).not.toBe(first);
    expect(last()?.options).toMatchObject({ x: 100, y: 50, width: 1000, height: 700 });
  });

  test('one that holds something unsaved is not ended, however long it is hidden', async () => {
    const { window, clock, last } = rig();
    window.show();
    const made = last();
    if (made !== undefined) made.isUnsaved = true;
    made?.close();
    await clock.advance(FIVE_MINUTES * 3);
    expect(made?.isGone).toBe(false);
    window.show();
    made?.close();
    expect(made?.isShown).toBe(false);
    expect(made?.isGone).toBe(false);
    if (made !== undefined) made.isUnsaved = false;
    await clock.advance(FIVE_MINUTES);
    expect(made?.isGone).toBe(true);
  });

  test('a page that crashes before eyes is loaded anew, but not in a loop', async () => {
    const { window, clock, last } = rig();
    window.show();
    const crash = () => {
      last()?.emit('ready-to-show');
      last()?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    };
    crash();
    expect(seen.windows).toHaveLength(2);
    crash();
    expect(seen.windows).toHaveLength(2);
    expect(window.contents()).toBeNull();
    await clock.advance(30_000);
    window.show();
    crash();
    expect(seen.windows).toHaveLength(4);
  });

  test('goes when the app ends, and keeps its place', () => {
    const { window, last, place } = rig();
    window.show();
    last()?.emit('ready-to-show');
    window.destroy();
    expect(last()?.isGone).toBe(true);
    expect(place()).toMatchObject({ width: 960, height: 640 });
  });
});
