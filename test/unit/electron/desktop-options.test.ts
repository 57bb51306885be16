import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { desktopOptions } from '../../../electron/desktop-options.ts';

const HOME = resolve('/home/me');
const DATA = resolve('/data');
const desktop = { mode: 'desktop', isHidden: false, settingsFile: null, dataDir: DATA };

test.each([
  ['nothing', [], desktop],
  ['at login', ['--hidden'], { ...desktop, isHidden: true }],
  ['a settings file', ['--settings', 'a.json'], { ...desktop, settingsFile: resolve(HOME, 'a.json') }],
  ['by an equals sign', ['--settings=/b.json'], { ...desktop, settingsFile: resolve('/b.json') }],
  ['a data folder', ['--data-dir', 'd'], { ...desktop, dataDir: resolve(HOME, 'd') }],
  ['an option without its value', ['--settings'], desktop],
  ['options of Chromium and of macOS', ['--no-sandbox', '-psn_0_1', '--inspect=1'], desktop],
  ['an address that a desktop hands over', ['file:///x', 'https://y'], desktop],
  ['the service', ['--service'], { mode: 'command', words: ['run'] }],
  [
    'the service with a data folder and settings',
    ['--service', '--data-dir', '/d', '--settings', '/s'],
    { mode: 'command', words: ['run', '--settings', '/s', '--data-dir', '/d'] },
  ],
  [
    'the service as systems start it',
    [
      '--service',
      '--ozone-platform=headless',
      '--no-sandbox',
      '--data-dir',
      '/d',
      '--log-file',
      '/d/service.log',
    ],
    { mode: 'command', words: ['run', '--data-dir', '/d', '--log-file', '/d/service.log'] },
  ],
  ['a command', ['log', '--json'], { mode: 'command', words: ['log', '--json'] }],
])('%s', (_what, words, options) => {
  expect(desktopOptions(words, HOME, DATA)).toEqual(options);
});
