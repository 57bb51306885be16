import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SETTINGS_MAX_BYTES } from '../../shared/contract/settings.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { faultLines } from './output.ts';

/** Reads a settings file; one that is missing or too large fails with status 2 and says so. */
export function readSettingsFile(path: string): { text: string; baseDir: string } {
  const fullPath = resolve(path);
  try {
    const { size } = statSync(fullPath);
    if (size > SETTINGS_MAX_BYTES) {
      const limit = `${SETTINGS_MAX_BYTES / 1024 / 1024} MiB`;
      throw new CommandFailure(EXIT.usage, `${fullPath} is larger than a settings file may be (${limit}).`);
    }
    return { text: readFileSync(fullPath, 'utf8'), baseDir: dirname(fullPath) };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(EXIT.usage, `The settings file ${fullPath} ${unreadable(error)}.`);
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** Says every fault of a settings file; the old settings stand. */
export function settingsFailure(file: string, faults: readonly SettingsFault[]): CommandFailure {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = [
    `${file} was not taken in: ${count}. The old settings stand.`,
    ...faultLines(faults).map((l) => `  ${l}`),
  ];
  return new CommandFailure(EXIT.usage, lines.join('\n'), { code: 'settings_invalid', faults });
}

/** The settings that are in force cannot be read: nothing is guessed from them. */
export function damagedSettings(dataDir: DataDir, faults: readonly SettingsFault[]): CommandFailure {
  const lines = [
    `The settings in ${dataDir.settingsPath} cannot be used. Take in sound ones with "tocsin import FILE"; these are kept beside them.`,
    ...faultLines(faults).map((line) => `  ${line}`),
  ];
  return new CommandFailure(EXIT.usage, lines.join('\n'), { code: 'settings_invalid', faults });
}
