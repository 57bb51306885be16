import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lookIntoFolder } from '../../../../../electron/agent/file-alerts/look.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let dir: string;

beforeEach(() => {
  dir = scratchDir();
});

function refuse(name: string, reason: string | null, ageSeconds = 0): void {
  mkdirSync(join(dir, 'rejected'), { recursive: true });
  writeFileSync(join(dir, 'rejected', name), '{}');
  utimesSync(join(dir, 'rejected', name), 1_000_000 - ageSeconds, 1_000_000 - ageSeconds);
  if (reason !== null) writeFileSync(join(dir, 'rejected', `${name}.reason.txt`), `${reason}\n`);
}

describe('a look into the folder of a file alert', () => {
  test('an empty folder has nothing to tell', async () => {
    expect(await lookIntoFolder(dir)).toEqual({ problem: null, waiting: 0, rejected: [], rejectedCount: 0 });
  });

  test('requests are counted; attachments and files that are hidden are none', async () => {
    for (const name of ['one.alert.json', 'two.alert.json', 'dump.txt', '.three.alert.json'])
      writeFileSync(join(dir, name), '{}');
    expect((await lookIntoFolder(dir)).waiting).toBe(2);
  });

  test('what was refused is told with its reason, the newest first and ten at most', async () => {
    for (let age = 0; age < 12; age++) refuse(`${age}.alert.json`, `reason ${age}`, age);
    const look = await lookIntoFolder(dir);
    expect(look.rejectedCount).toBe(12);
    expect(look.rejected).toHaveLength(10);
    expect(look.rejected[0]).toEqual({ name: '0.alert.json', reason: 'reason 0' });
  });

  test('a reason that is gone, or that is a link to another file, is not read', async () => {
    writeFileSync(join(dir, 'secret'), 'secret');
    refuse('gone.alert.json', null);
    refuse('link.alert.json', null, 1);
    symlinkSync(join(dir, 'secret'), join(dir, 'rejected', 'link.alert.json.reason.txt'));
    const { rejected } = await lookIntoFolder(dir);
    expect(rejected.map(({ reason }) => reason)).toEqual(Array(2).fill('The reason is not there any more.'));
  });

  test.each([
    ['a folder that is not there', () => join(dir, 'none'), 'There is no such folder yet.'],
    [
      'a file',
      () => {
        writeFileSync(join(dir, 'file'), '');
        return join(dir, 'file');
      },
      'This is a file, not a folder.',
    ],
    ['a folder that is not written in full', () => 'spool', 'Write the folder in full'],
  ])('%s is a problem, in words', async (_, folder, words) => {
    expect((await lookIntoFolder(folder())).problem).toContain(words);
  });
});
