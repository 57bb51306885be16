import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findElectron } from '../../../scripts/electron-runtime.ts';
import { startPlan } from '../../../scripts/start-plan.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';

const here = { found: true, program: '/electron/dist/electron' } as const;
const away = { found: false, why: 'No runtime' } as const;
const DISPLAY = { DISPLAY: ':0' };

describe('npm start', () => {
  test('starts the desktop app where there are a runtime and a display', () => {
    expect(startPlan(here, ['--hidden'], DISPLAY, 'linux')).toEqual({
      start: 'desktop',
      command: ['/electron/dist/electron', '.', '--hidden'],
    });
  });

  test.each([
    ['a runtime', away, DISPLAY, 'No runtime, so Tocsin runs headless and opens its web console.'],
    ['a display', here, {}, 'There is no display to show a tray icon on, so Tocsin runs headless'],
    ['both', away, {}, 'There is no display to show a tray icon on, so Tocsin runs headless'],
  ])('without %s serves the console, and says why in one line', (_what, runtime, environment, why) => {
    const plan = startPlan(runtime, ['--data-dir', '/d'], environment, 'linux');
    expect(plan).toMatchObject({ start: 'console', words: ['run', '--open', '--data-dir', '/d'] });
    expect('why' in plan && plan.why).toContain(why);
    expect('why' in plan && plan.why).not.toContain('\n');
  });
});

describe('the runtime of Electron', () => {
  test('is found where its package has put it, and nowhere else', () => {
    const dir = scratchDir();
    expect(findElectron(dir, {})).toMatchObject({
      found: false,
      why: expect.stringContaining('install-electron'),
    });
    writeFileSync(join(dir, 'path.txt'), 'electron');
    expect(findElectron(dir, {}).found).toBe(false);
    mkdirSync(join(dir, 'dist'));
    writeFileSync(join(dir, 'dist', 'electron'), '');
    expect(findElectron(dir, {})).toEqual({ found: true, program: join(dir, 'dist', 'electron') });
  });

  test('is taken from elsewhere where the environment says so', () => {
    const dir = scratchDir();
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: dir };
    expect(findElectron('/none', environment)).toMatchObject({
      found: false,
      why: expect.stringContaining(dir),
    });
    writeFileSync(join(dir, 'electron'), '');
    expect(findElectron('/none', environment)).toEqual({ found: true, program: join(dir, 'electron') });
  });
});
