import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataDirAt, defaultDataDir, lockDataDir } from '../../../../../electron/agent/platform/data-dir.ts';
import { wipeFile, writeFileAtomic } from '../../../../../electron/agent/platform/files.ts';
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
