import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileSource } from '../../../../../electron/agent/collect/file.ts';
import { SlowCalls } from '../../../../../electron/agent/collect/slow-calls.ts';
import type { MetricName } from '../../../../../shared/model/metrics.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FixtureTree } from './fixture-tree.ts';
import { at, readOne } from './measuring.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);

function makeTree(): string {
  const tree = new FixtureTree().write('plain', '12345').write('future', '');
  utimesSync(join(tree.dir, 'plain'), 0, NOW / 1000 - 90);
  utimesSync(join(tree.dir, 'future'), 0, NOW / 1000 + 90);
  mkdirSync(join(tree.dir, 'folder'));
  symlinkSync('plain', join(tree.dir, 'link'));
  symlinkSync('nowhere', join(tree.dir, 'dangling'));
  symlinkSync('loop', join(tree.dir, 'loop'));
  return tree.dir;
}

const missing = { value: null, unknown: 'the file is missing' };

// Both ways of looking must say the same; the slow one is that of network file systems.
describe.each([
  ['at once', false],
  ['through the thread pool', true],
])('%s', (_name, slow) => {
  const source = createFileSource({ slowCalls: new SlowCalls(new FakeClock()), isSlow: () => slow });

  test.each<[string, MetricName, string, unknown]>([
    ['a file is present', 'file.state', 'plain', { value: 'present' }],
    ['its size is in bytes', 'file.sizeBytes', 'plain', { value: 5 }],
    ['its age is since its content changed', 'file.ageSeconds', 'plain', { value: 90 }],
    ['a link is what it leads to', 'file.sizeBytes', 'link', { value: 5 }],
    ['a link to nowhere is missing', 'file.state', 'dangling', { value: 'missing' }],
    ['a missing file is missing', 'file.state', 'none', { value: 'missing' }],
    ['so is one below a file', 'file.state', 'plain/below', { value: 'missing' }],
    ['a missing file has no age', 'file.ageSeconds', 'none', missing],
    ['a missing file has no size', 'file.sizeBytes', 'none', missing],
    [
      'a folder is present, and said to be one',
      'file.state',
      'folder',
      { value: 'present', detail: 'it is a folder' },
    ],
    [
      'a folder has no size',
      'file.sizeBytes',
      'folder',
      { value: null, unknown: 'it is a folder, not a file' },
    ],
    [
      'an age is never negative',
      'file.ageSeconds',
      'future',
      { value: 0, detail: 'its time of change lies in the future' },
    ],
    [
      'what cannot be looked at is unknown',
      'file.state',
      'loop',
      { value: null, unknown: 'too many symbolic links' },
    ],
    [
      'a name too long is unknown',
      'file.state',
      'x'.repeat(300),
      { value: null, unknown: 'the name is too long' },
    ],
  ])('%s', async (_rule, metric, name, expected) => {
    expect(await readOne(source, metric, join(makeTree(), name), at(0, NOW))).toEqual(expected);
  });

  test('a path with a zero byte is unknown', async () => {
    expect((await readOne(source, 'file.state', '/a\0b')).value).toBe(null);
  });

  test('a relative path would depend on where the program was started', async () => {
    const expected = { value: null, unknown: 'the path must be given from the root' };
    expect(await readOne(source, 'file.state', 'plain')).toEqual(expected);
  });
});
