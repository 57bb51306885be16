import { expect, test } from 'vitest';
import { windowPlace } from '../../../../electron/tray/window-place.ts';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1040 };
const LEFT_SCREEN = { x: -1280, y: 0, width: 1280, height: 1024 };

test.each([
  ['the first time', null, [SCREEN], { width: 960, height: 640 }],
  [
    'where it was left',
    { x: 10, y: 20, width: 1000, height: 700 },
    [SCREEN],
    { x: 10, y: 20, width: 1000, height: 700 },
  ],
  [
    'on the other screen',
    { x: -1200, y: 0, width: 900, height: 600 },
    [SCREEN, LEFT_SCREEN],
    { x: -1200, y: 0, width: 900, height: 600 },
  ],
  [
    'when that screen is gone',
    { x: -1200, y: 0, width: 900, height: 600 },
    [SCREEN],
    { width: 900, height: 600 },
  ],
  [
    'with its edge above the screen',
    { x: 10, y: -200, width: 900, height: 600 },
    [SCREEN],
    { width: 900, height: 600 },
  ],
  ['below the screen', { x: 10, y: 1000, width: 900, height: 600 }, [SCREEN], { width: 900, height: 600 }],
  [
    'kept smaller than it may be',
    { x: 10, y: 20, width: 10, height: 10 },
    [SCREEN],
    { x: 10, y: 20, width: 720, height: 480 },
  ],
  ['without any screen', { x: 10, y: 20, width: 900, height: 600 }, [], { width: 900, height: 600 }],
])('the window opens %s', (_when, kept, screens, place) => {
  expect(windowPlace(kept, screens)).toEqual(place);
});
