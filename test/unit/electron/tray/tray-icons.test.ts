import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { trayIcon } from '../../../../electron/tray/tray-icons.ts';
import { TRAY_SHAPES } from '../../../../electron/tray/tray-state.ts';

const ICONS_DIR = resolve(import.meta.dirname, '../../../../electron/icons/tray');

test.each([
  ['darwin', true, 'pausedTemplate.png', true],
  ['darwin', false, 'pausedTemplate.png', true],
  ['win32', true, 'paused-on-dark.ico', false],
  ['linux', false, 'paused-on-light.png', false],
  ['freebsd', true, 'paused-on-dark.png', false],
] as const)('on %s with a dark bar (%s) the drawing is %s', (system, isDark, file, isTemplate) => {
  expect(trayIcon('paused', system, isDark)).toEqual({ file, isTemplate });
});

test.each(TRAY_SHAPES)('there is a drawing of “%s” for every bar', (shape) => {
  const files = (['darwin', 'win32', 'linux'] as const).flatMap((system) =>
    [true, false].map((isDark) => trayIcon(shape, system, isDark).file),
  );
  expect(files.filter((file) => !existsSync(resolve(ICONS_DIR, file)))).toEqual([]);
});
