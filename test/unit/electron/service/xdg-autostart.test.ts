import { expect, test } from 'vitest';
import { autostartEntry, autostartPath } from '../../../../electron/service/xdg-autostart.ts';

test('lies where desktops look for it', () => {
  expect(autostartPath({}, '/home/me')).toBe('/home/me/.config/autostart/tocsin.desktop');
  expect(autostartPath({ XDG_CONFIG_HOME: '/cfg' }, '/home/me')).toBe('/cfg/autostart/tocsin.desktop');
});

test.each([
  ['a plain path', '/opt/Tocsin/tocsin', '/opt/Tocsin/tocsin'],
  ['a space', '/opt/My Apps/tocsin', '"/opt/My Apps/tocsin"'],
  ['a percent sign, which stands for files otherwise', '/opt/100%/t', '/opt/100%%/t'],
  ['a quote', '/a"b', '"/a\\\\"b"'],
  ['a dollar', '/a$b', '"/a\\\\$b"'],
  ['a backslash', '/a\\b', '"/a\\\\\\\\b"'],
])('%s is written so that it is read as it is', (_what, path, exec) => {
  expect(autostartEntry([path, '--hidden'])).toContain(`\nExec=${exec} --hidden\n`);
});
