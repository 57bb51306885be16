import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Names that Windows keeps for devices, with or without an ending. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** Says why a name is not the plain name of a file inside a folder; null when it is one. */
export function plainNameFault(name: string): string | null {
  if (name === '' || name.length > 200) return 'must be a file name of 1 to 200 characters';
  if (/[/\\:*?"<>|\u0000-\u001f\u007f]/.test(name))
    return 'must be a plain file name, without a path or special characters';
  if (name.startsWith('.') || name.endsWith('.') || name !== name.trim())
    return 'must not begin or end with a dot or a space';
  if (WINDOWS_DEVICE.test(name)) return 'is a name that Windows keeps for devices';
  return null;
}

export type PlainRead =
  | { readonly ok: true; readonly content: Buffer; readonly modifiedAt: number }
  | { readonly ok: false; readonly missing: boolean; readonly reason: string };

/**
 * Reads a plain file of a folder whole. Links of either kind, folders, devices and pipes are refused: whoever may write
 * into the folder could otherwise have a file mailed that they may not read. The checks are made on the open file, so
 * that nothing can be put in its place in between.
 */
export function readPlainFile(folder: string, name: string, maxBytes: number): PlainRead {
  const fault = plainNameFault(name);
  if (fault !== null) return { ok: false, missing: false, reason: `${name} ${fault}.` };
  let file: number;
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = openSync(join(folder, name), flags);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') return { ok: false, missing: true, reason: `${name} is not in the folder.` };
    if (code === 'ELOOP')
      return { ok: false, missing: false, reason: `${name} is a link; only plain files are taken.` };
    return { ok: false, missing: false, reason: `${name} cannot be read (${code}).` };
  }
  try {
    const info = fstatSync(file);
    if (!info.isFile()) return { ok: false, missing: false, reason: `${name} is not a plain file.` };
    if (info.nlink > 1)
      return {
        ok: false,
        missing: false,
        reason: `${name} is a link to another file; only plain files are taken.`,
      };
    if (info.size > maxBytes) {
      return {
        ok: false,
        missing: false,
        reason: `${name} has ${info.size} bytes; at most ${maxBytes} are allowed.`,
      };
    }
    return { ok: true, content: readAll(file, info.size), modifiedAt: info.mtimeMs };
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, size: number): Buffer {
  const content = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = readSync(file, content, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return content.subarray(0, length);
}
