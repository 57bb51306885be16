import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createPathWatcher } from '../../../../../electron/agent/platform/path-watcher.ts';
import { createPromptChecks } from '../../../../../electron/agent/schedule/prompt-checks.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let dir: string;
let changes: string[];

beforeEach(() => {
  dir = scratchDir();
  changes = [];
});

function watching(...paths: string[]) {
  const watcher = createPathWatcher((path) => changes.push(path));
  onTestFinished(() => watcher.close());
  watcher.setPaths(paths);
  return watcher;
}

const noticed = (path: string) => vi.waitFor(() => expect(changes).toContain(path));

describe('a watched path', () => {
  test('is noticed when it comes, changes and goes', async () => {
    const path = join(dir, 'backup.log');
    watching(path);
    for (const act of [() => writeFileSync(path, 'a'), () => writeFileSync(path, 'ab'), () => rmSync(path)]) {
      changes = [];
      act();
      await noticed(path);
    }
  });

  test('is noticed when it is renamed into its place', async () => {
    const path = join(dir, 'backup.log');
    writeFileSync(join(dir, 'backup.tmp'), 'a');
    watching(path);
    renameSync(join(dir, 'backup.tmp'), path);
    await noticed(path);
  });

  test('in a folder that comes later is noticed once the folder was looked for again', async () => {
    const path = join(dir, 'later', 'backup.log');
    const watcher = watching(path);
    mkdirSync(join(dir, 'later'));
    watcher.setPaths([path]);
    writeFileSync(path, 'a');
    await noticed(path);
  });

  test('says nothing of its neighbours', async () => {
    const path = join(dir, 'backup.log');
    watching(path);
    writeFileSync(join(dir, 'other.log'), 'a');
    writeFileSync(path, 'a');
    await noticed(path);
    expect(new Set(changes)).toEqual(new Set([path]));
  });
});

describe('prompt checks', () => {
  const conditions = (path: string) => [
    { metric: 'file.state', target: path, is: 'missing' },
    { metric: 'file.sizeBytes', target: path, above: 1000 },
    { metric: 'folder.fileCount', target: dir, above: 1000 },
    { metric: 'cpu.usedPercent', above: 99 },
  ];

  function promptChecks(path: string) {
    const settings = settingsSchema.parse({
      version: 1,
      alerts: [{ name: 'Backup', conditions: conditions(path) }],
    });
    const clock = new FakeClock();
    const checked: string[][] = [];
    let change = (_path: string) => {};
    const watched: string[][] = [];
    const checks = createPromptChecks({
      settings: () => settings,
      clock,
      createWatcher: (onChange) => {
        change = onChange;
        return { setPaths: (paths) => void watched.push([...paths]), close: () => {} };
      },
      check: async (requests) => void checked.push(requests.map((request) => request.metric)),
      takeIn: async () => void checked.push(['take in']),
      onFault: () => {},
    });
    checks.refresh();
    return { clock, checked, watched, change: () => change(path) };
  }

  test('measure what alerts ask of the path, and nothing else', () => {
    const { checked, watched, change } = promptChecks('/srv/backup.log');
    expect(watched).toEqual([['/srv/backup.log']]);
    change();
    expect(checked).toEqual([['file.state', 'file.sizeBytes']]);
  });

  test('happen at once, and then at most four times a second, the last after the last change', async () => {
    const { clock, checked, change } = promptChecks('/srv/backup.log');
    for (let ms = 0; ms < 1000; ms += 10) {
      change();
      await clock.advance(10);
    }
    await clock.advance(1000);
    expect(checked.length).toBe(5);
  });
});
