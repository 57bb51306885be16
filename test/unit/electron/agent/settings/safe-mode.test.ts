import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type DataDir, dataDirAt } from '../../../../../electron/agent/platform/data-dir.ts';
import {
  createKeyFileSecretStore,
  secretsFault,
} from '../../../../../electron/agent/settings/secret-store.ts';
import {
  keepLastGood,
  openSettingsStore,
  type SettingsStore,
} from '../../../../../electron/agent/settings/settings-store.ts';
import { exampleSettings } from '../../../../fakes/example-settings.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let dataDir: DataDir;

beforeEach(() => {
  dataDir = dataDirAt(scratchDir());
  open().import(JSON.stringify(exampleSettings()), dataDir.path);
});

function open(): SettingsStore {
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.store;
}

function keptOf(name: string): string[] {
  return readdirSync(dataDir.path)
    .filter((entry) => entry.startsWith(`${name}.damaged-`))
    .map((entry) => readFileSync(join(dataDir.path, entry), 'utf8'));
}

test('where the stored settings are damaged, those last taken in stand in for them, with the faults named', () => {
  writeFileSync(dataDir.settingsPath, '{"version": 1, "al');
  const store = open();
  expect(store.current().installation.name).toBe('front-desk');
  expect(store.standsInFor()).toMatchObject([{ path: '', message: expect.stringContaining('JSON') }]);
  expect(readFileSync(dataDir.settingsPath, 'utf8')).toBe('{"version": 1, "al');
});

test('settings that have vanished are no reason to begin with none', () => {
  rmSync(dataDir.settingsPath);
  const store = open();
  expect([store.current().installation.name, store.standsInFor()]).toMatchObject([
    'front-desk',
    [{ message: 'is missing' }],
  ]);
});

test('an import ends safe mode and keeps what was damaged', () => {
  writeFileSync(dataDir.settingsPath, 'damaged');
  const store = open();
  expect(store.import(JSON.stringify(exampleSettings()), dataDir.path).ok).toBe(true);
  expect([store.standsInFor(), open().standsInFor(), keptOf('settings.json')]).toEqual([
    null,
    null,
    ['damaged'],
  ]);
});

test('settings changed by hand are seen once', () => {
  const store = open();
  expect(keepLastGood(dataDir, store.current())).toBe(false);
  const text = readFileSync(dataDir.settingsPath, 'utf8').replace('front-desk', 'back-desk');
  writeFileSync(dataDir.settingsPath, text);
  expect([open().current(), open().current()].map((current) => keepLastGood(dataDir, current))).toEqual([
    true,
    false,
  ]);
});

test('a damaged file of passwords is told of and kept when new ones are written', () => {
  expect(secretsFault(dataDir)).toBeNull();
  writeFileSync(dataDir.secretsPath, '{"version":1,');
  expect(secretsFault(dataDir)).toContain('cannot be read');
  createKeyFileSecretStore(dataDir).change(new Map([['smtp a', 'new']]));
  expect([keptOf('secrets.json'), secretsFault(dataDir)]).toEqual([['{"version":1,'], null]);
});

test('a damaged key is told of and kept when another is made', () => {
  copyFileSync(dataDir.keyPath, join(dataDir.path, 'copy'));
  writeFileSync(dataDir.keyPath, 'half a k');
  expect(secretsFault(dataDir)).toContain('2 of 2');
  createKeyFileSecretStore(dataDir).change(new Map([['smtp a', 'new']]));
  expect(keptOf('secrets.key')).toEqual(['half a k']);
});

test('a computer that was never given settings is not in safe mode, however often Tocsin is started on it', () => {
  dataDir = dataDirAt(scratchDir());
  for (const _start of [1, 2]) {
    const store = open();
    expect(store.standsInFor()).toBeNull();
    keepLastGood(dataDir, store.current());
  }
});
