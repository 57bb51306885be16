import { closeSync, constants, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnerOnlyDir } from './files.ts';
import { plainNameFault } from './plain-file.ts';

export interface AppendOptions {
  /** A file that would grow beyond this is put aside as `name.1` first, in bytes. */
  readonly rotateBytes: number;
  /** How many files put aside are kept; older ones are removed. */
  readonly keptFiles: number;
}

/**
 * Adds one line to a plain file of a folder, making both where they are not there. Says why it may not, or null; throws
 * what the disk does. Links of either kind, devices and pipes are refused on the open file, so that nobody can have
 * another file written to.
 */
export function appendLine(dir: string, name: string, line: string, options: AppendOptions): string | null {
  const fault = plainNameFault(name);
  if (fault !== null) return `${name} ${fault}`;
  makeOwnerOnlyDir(dir);
  const path = join(dir, name);
  const bytes = Buffer.from(`${line}\n`, 'utf8');
  const first = appendTo(path, bytes, options.rotateBytes);
  if (first !== FULL) return first;
  rotate(path, options.keptFiles);
  return appendTo(path, bytes, Number.POSITIVE_INFINITY);
}

/** What `appendTo` says of a file that has to be put aside first. */
const FULL = 'it is full';

/** Why nothing was written; null where it was. */
function appendTo(path: string, bytes: Buffer, rotateBytes: number): string | null {
  let file: number;
  try {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
    file = openSync(path, flags | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0), 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ELOOP') return `${path} is a link; only plain files are written to`;
    // A pipe that nobody reads.
    if (code === 'ENXIO') return `${path} is not a plain file`;
    throw error;
  }
  try {
    const info = fstatSync(file);
    if (!info.isFile() || info.nlink > 1) return `${path} is not a plain file of its own`;
    if (info.size > 0 && info.size + bytes.length > rotateBytes) return FULL;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    return null;
  } finally {
    closeSync(file);
  }
}

/** `name.2` becomes `name.3`, `name.1` becomes `name.2`, `name` becomes `name.1`. */
function rotate(path: string, keptFiles: number): void {
  rmSync(`${path}.${keptFiles}`, { force: true });
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    try {
      renameSync(`${path}.${number}`, `${path}.${number + 1}`);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  renameSync(path, `${path}.1`);
}
