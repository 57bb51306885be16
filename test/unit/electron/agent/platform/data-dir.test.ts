import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  dataDirAt,
  defaultDataDir,
  isDataDirLocked,
  lockDataDir,
} from '../../../../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir, wipeFile, writeFileAtomic } from '../../../../../electron/agent/platform/files.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

describe('the lock on a data folder', () => {
  test('is had by one at a time, and by the next once it is released', () => {
    const dataDir = dataDirAt(join(scratchDir(), 'data'));
    const first = lockDataDir(dataDir);
    expect(first.ok).toBe(true);
    expect(lockDataDir(dataDir)).toMatchObject({ ok: false, error: { code: 'data_dir_locked' } });
    if (first.ok) first.value.release();
    expect(lockDataDir(dataDir).ok).toBe(true);
  });

  test('can be seen without taking it, or making anything', () => {
    const dataDir = dataDirAt(join(scratchDir(), 'data'));
    expect(isDataDirLocked(dataDir)).toBe(false);
    expect(existsSync(dataDir.path)).toBe(false);
    const lock = lockDataDir(dataDir);
    expect(isDataDirLocked(dataDir)).toBe(true);
    if (lock.ok) lock.value.release();
    expect(isDataDirLocked(dataDir)).toBe(false);
  });

  test('is not said to be held by another where the file cannot be used at all', () => {
    const dataDir = dataDirAt(join(scratchDir(), 'data'));
    const lock = lockDataDir(dataDir);
    if (lock.ok) lock.value.release();
    writeFileSync(dataDir.lockPath, 'this is no database, and long enough to be seen as none'.repeat(100));
    expect(() => lockDataDir(dataDir)).toThrow(/not a database/);
  });

  test('of one folder says nothing about another', () => {
    const dir = scratchDir();
    expect(lockDataDir(dataDirAt(join(dir, 'a'))).ok).toBe(true);
    expect(lockDataDir(dataDirAt(join(dir, 'b'))).ok).toBe(true);
  });
});

describe('the default data folder', () => {
  test.each([
    ['win32', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, /Roaming.Tocsin$/],
    ['darwin', {}, /Library\/Application Support\/Tocsin$/],
    ['linux', {}, /\.local\/state\/tocsin$/],
    ['linux', { XDG_STATE_HOME: '/var/state' }, /^\/var\/state\/tocsin$/],
    ['linux', { TOCSIN_DATA_DIR: '/srv/tocsin' }, /^\/srv\/tocsin$/],
  ] as const)('on %s with %j', (platform, environment, path) => {
    expect(defaultDataDir(environment, platform)).toMatch(path);
  });
});

describe('files', () => {
  test('a folder is made with those it lies in, for the owner alone', () => {
    const dir = join(scratchDir(), 'a', 'b');
    makeOwnerOnlyDir(dir);
    makeOwnerOnlyDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test.runIf(process.platform === 'linux')('a place that takes no folders is said to, at once', () => {
    expect(() => makeOwnerOnlyDir('/proc/nope/data')).toThrow(/ENOENT/);
  });

  test('a write replaces the whole file and leaves nothing beside it', () => {
    const path = join(scratchDir(), 'file');
    writeFileAtomic(path, 'a long first text');
    writeFileAtomic(path, 'short');
    expect(readFileSync(path, 'utf8')).toBe('short');
  });

  test('a file that is wiped is gone', () => {
    const path = join(scratchDir(), 'file');
    writeFileSync(path, 'secret'.repeat(50_000));
    wipeFile(path);
    expect(existsSync(path)).toBe(false);
  });
});
