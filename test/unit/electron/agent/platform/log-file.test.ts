import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogFile } from '../../../../../electron/agent/platform/log-file.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

test('lines are kept, in two files that do not grow beyond their size', () => {
  const path = join(scratchDir(), 'desktop.log');
  createLogFile(path)('first\n');
  const write = createLogFile(path);
  const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
  for (let count = 0; count < 14; count += 1) write(megabyte);
  write('last\n');
  expect(readFileSync(path, 'utf8').endsWith('last\n')).toBe(true);
  expect(statSync(path).size).toBeLessThan(7 * 1024 * 1024);
  expect(statSync(`${path}.1`).size).toBeLessThan(7 * 1024 * 1024);
  expect(existsSync(`${path}.2`)).toBe(false);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
});

test('a place that cannot be written ends nothing', () => {
  const write = createLogFile(join(scratchDir(), 'no', 'such', 'folder.log'));
  expect(() => write('lost\n')).not.toThrow();
});
