import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Only the user that Tocsin runs as may read what it keeps. Windows ignores the mode; there the folder protects. */
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIR = 0o700;

/** Makes a folder and those it lies in. Not by Node's own recursion, which never ends where a file system takes no folders (/proc). */
export function makeOwnerOnlyDir(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  const parentDir = dirname(dir);
  if (parentDir !== dir) makeOwnerOnlyDir(parentDir);
  try {
    mkdirSync(dir, { mode: OWNER_ONLY_DIR });
  } catch (error) {
    // Somebody else was quicker.
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/**
 * Replaces a file as a whole: after a crash or power cut it holds either the old text or the new one. Written beside it,
 * synced, renamed over it, and the folder synced.
 */
export function writeFileAtomic(path: string, text: string): void {
  const temporaryPath = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeSynced(temporaryPath, text);
    renameSync(temporaryPath, path);
  } catch (error) {
    rmSync(temporaryPath, { force: true });
    throw error;
  }
  syncDir(dirname(path));
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, 'wx', OWNER_ONLY_FILE);
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is on the disk once the folder is; Windows cannot open folders and does not need it. */
export function syncDir(dir: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Overwrites a file with zeros before it removes it. On disks that write elsewhere than they read (SSD, copy on write)
 * the old blocks may still exist for a while; nothing a program can do changes that.
 */
export function wipeFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const zeros = Buffer.alloc(Math.min(size, 65_536));
    for (let position = 0; position < size; ) {
      position += writeSync(file, zeros, 0, Math.min(zeros.length, size - position), position);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
}
