import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolderSource } from '../../../../../electron/agent/collect/folder.ts';
import type { WalkLimits } from '../../../../../electron/agent/collect/folder-walk.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { FixtureTree } from './fixture-tree.ts';
import { readAll, readOne, reasonOf, request } from './measuring.ts';

function source(limits?: WalkLimits) {
  return createFolderSource({ clock: systemClock, isSlow: () => false, ...(limits && { limits }) });
}

function makeTree(): string {
  const tree = new FixtureTree()
    .write('spool/one', '12345')
    .write('spool/.hidden', '1')
    .write('spool/deep/deeper/two', '1234567')
    .write('outside/large', 'x'.repeat(1000));
  mkdirSync(join(tree.dir, 'spool/empty'));
  symlinkSync('../outside', join(tree.dir, 'spool/to-folder'));
  symlinkSync('spool', join(tree.dir, 'link'));
  symlinkSync('.', join(tree.dir, 'spool/deep/loop'));
  return tree.dir;
}

/** A link's own size is the length of what it says. */
const LINK_BYTES = '../outside'.length + '.'.length;

describe('folder.fileCount and folder.sizeBytes', () => {
  test('count all that is no folder, however deep, and follow no link', async () => {
    const spool = join(makeTree(), 'spool');
    expect(await readOne(source(), 'folder.fileCount', spool)).toEqual({ value: 5 });
    expect(await readOne(source(), 'folder.sizeBytes', spool)).toEqual({ value: 13 + LINK_BYTES });
  });

  test('the path itself may be a link', async () => {
    expect(await readOne(source(), 'folder.fileCount', join(makeTree(), 'link'))).toEqual({ value: 5 });
  });

  test('an empty folder holds nothing', async () => {
    const empty = join(makeTree(), 'spool/empty');
    expect(await readOne(source(), 'folder.fileCount', empty)).toEqual({ value: 0 });
    expect(await readOne(source(), 'folder.sizeBytes', empty)).toEqual({ value: 0 });
  });

  test('sizes one by one, as on a network file system, are the same', async () => {
    const remote = createFolderSource({ clock: systemClock, isSlow: () => true });
    const spool = join(makeTree(), 'spool');
    expect(await readOne(remote, 'folder.sizeBytes', spool)).toEqual({ value: 13 + LINK_BYTES });
  });

  test('both at once are right', async () => {
    const spool = join(makeTree(), 'spool');
    const requests = [request('folder.fileCount', spool), request('folder.sizeBytes', spool)];
    expect(await readAll(source(), requests)).toEqual([{ value: 5 }, { value: 13 + LINK_BYTES }]);
  });
});

describe('unknown', () => {
  test.each([
    ['a folder that is missing', 'none', 'it does not exist'],
    ['a file', 'spool/one', 'it is a file, not a folder'],
  ])('%s', async (_rule, name, reason) => {
    expect(reasonOf(await readOne(source(), 'folder.fileCount', join(makeTree(), name)))).toBe(reason);
  });

  test('a path that depends on where the program was started', async () => {
    expect(reasonOf(await readOne(source(), 'folder.fileCount', 'spool'))).toContain('from the root');
  });

  test('more entries than are counted', async () => {
    const limited = source({ maxEntries: 3, maxMs: 10_000 });
    expect(reasonOf(await readOne(limited, 'folder.fileCount', join(makeTree(), 'spool')))).toBe(
      'it holds more than 3 files and folders',
    );
  });

  test('a folder that takes too long', async () => {
    const limited = source({ maxEntries: 100, maxMs: -1 });
    expect(reasonOf(await readOne(limited, 'folder.fileCount', join(makeTree(), 'spool')))).toContain(
      'could not be counted',
    );
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'a part that may not be read, for half a number is a wrong one',
    async () => {
      const dir = makeTree();
      chmodSync(join(dir, 'spool/deep'), 0);
      expect(reasonOf(await readOne(source(), 'folder.fileCount', join(dir, 'spool')))).toContain(
        'deep cannot be read: permission denied',
      );
      chmodSync(join(dir, 'spool/deep'), 0o700);
    },
  );
});

test('a folder that vanishes while it is counted does no harm', async () => {
  const tree = new FixtureTree();
  for (let number = 0; number < 50; number++) tree.write(`spool/${number}/file`, 'x');
  const reading = readOne(source(), 'folder.sizeBytes', join(tree.dir, 'spool'));
  tree.remove('spool');
  const { value } = await reading;
  expect(value === null || Number(value) <= 50).toBe(true);
});
