import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../platform/files.ts';
import { inRealFolder } from '../platform/real-folder.ts';
import type { TakenFile, TakenRequest } from '../record/file-alert-store.ts';

/** Within the folder of a file alert: where requests go that were refused. */
export const REJECTED = 'rejected';

/**
 * Moves a request that was refused to `rejected/`, with the reasons beside it. Returns null, or in words why it could
 * not be moved; it is then refused again at the next look.
 */
export function rejectRequest(folder: string, name: string, reasons: readonly string[]): string | null {
  const rejectedDir = join(folder, REJECTED);
  try {
    makeFolder(rejectedDir);
    inRealFolder(rejectedDir, (path) => {
      renameSync(join(folder, name), join(path, name));
      writeFileAtomic(join(path, `${name}.reason.txt`), `${reasons.join('\n')}\n`);
    });
    return null;
  } catch (error) {
    return ` It stays where it is: ${textOf(error)}`;
  }
}

function makeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Removes the files of a request whose mail is settled, the request first. A file that has been replaced since belongs
 * to somebody else and stays. Returns null, or in words what could not be removed.
 */
export function removeTaken({ folder, files }: TakenRequest): string | null {
  try {
    for (const file of files) if (isUnchanged(folder, file)) rmSync(join(folder, file.name));
    return null;
  } catch (error) {
    const why = textOf(error);
    return `The files of ${files[0].name} in ${folder} were mailed and cannot be removed: ${why}`;
  }
}

/** Whether a file is still the one that was taken in. */
export function isUnchanged(folder: string, file: TakenFile): boolean {
  const info = lstatSync(join(folder, file.name), { throwIfNoEntry: false });
  return (
    info !== undefined && info.isFile() && info.mtimeMs === file.modifiedAt && info.size === file.sizeBytes
  );
}
