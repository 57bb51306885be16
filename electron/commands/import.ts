import { resolve } from 'node:path';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { wipeFile } from '../agent/platform/files.ts';
import { connect } from './connect.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { faultLines, type Output } from './output.ts';
import { readSettingsFile, settingsFailure } from './settings-file.ts';

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

/** Takes in a settings file, by the agent where one runs, and wipes it: it may hold passwords. */
export async function takeInAndWipe(dataDir: DataDir, file: string): Promise<void> {
  const request = readSettingsFile(file);
  const connection = await connect(dataDir);
  try {
    const reply = await connection.call('settings.import', request);
    if (!reply.ok) throw settingsFailure(file, reply.faults);
  } finally {
    await connection.close();
  }
  wipe(resolve(file));
}

/** The same for the desktop app: gives the sentence to show where it could not be done, or not wholly. */
export async function takeInOrSay(dataDir: DataDir, file: string): Promise<string | null> {
  try {
    await takeInAndWipe(dataDir, file);
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
