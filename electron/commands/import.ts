import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SETTINGS_MAX_BYTES } from '../../shared/contract/settings.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { wipeFile } from '../agent/platform/files.ts';
import { connect } from './connect.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { faultLines, type Output } from './output.ts';

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
export function settingsFailure(file: string, faults: Parameters<typeof faultLines>[0]): CommandFailure {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = [
    `${file} was not taken in: ${count}. The old settings stand.`,
    ...faultLines(faults).map((l) => `  ${l}`),
  ];
  return new CommandFailure(EXIT.usage, lines.join('\n'), { code: 'settings_invalid', faults });
}

export async function importCommand(
  dataDir: DataDir,
  file: string,
  options: { readonly wipe: boolean },
  output: Output,
): Promise<void> {
  const request = readSettingsFile(file);
  const connection = await connect(dataDir);
  try {
    const reply = await connection.call('settings.import', request);
    if (!reply.ok) throw settingsFailure(file, reply.faults);
    if (options.wipe) wipe(resolve(file));
    output.answer(
      { imported: true, wiped: options.wipe, agentRunning: connection.running, warnings: reply.warnings },
      () => {
        output.line(
          `Settings taken in from ${file}${connection.running ? '; the running agent uses them' : ''}.`,
        );
        if (options.wipe) output.line(`${file} was overwritten and deleted.`);
        for (const line of faultLines(reply.warnings)) output.note(`Note: ${line}`);
      },
    );
  } finally {
    await connection.close();
  }
}

/**
 * Takes in a settings file for the desktop app, by the agent where one runs, and wipes it: it may hold passwords. Gives the
 * sentence to show where that could not be done, or not wholly.
 */
export async function takeInAndWipe(dataDir: DataDir, file: string): Promise<string | null> {
  try {
    const request = readSettingsFile(file);
    const connection = await connect(dataDir);
    try {
      const reply = await connection.call('settings.import', request);
      if (!reply.ok) throw settingsFailure(file, reply.faults);
    } finally {
      await connection.close();
    }
    wipe(resolve(file));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wipe(path: string): void {
  try {
    wipeFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const text = `The settings were taken in, but ${path} could not be overwritten and deleted: ${why}. It may hold passwords; delete it by hand.`;
    throw new CommandFailure(EXIT.cannot, text, { imported: true, wiped: false });
  }
}
