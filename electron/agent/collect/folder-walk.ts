import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNumber } from '../../../shared/format-number.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { errorCode, failureText } from './failure.ts';

/** Everything below a folder, the folders themselves left out. */
export interface FolderTotals {
  readonly files: number;
  /** Of the files' contents, as `ls -l` shows them; 0 where sizes were not asked for. */
  readonly bytes: number;
}

export interface WalkOptions {
  readonly clock: Clock;
  readonly limits: WalkLimits;
  /** How many sizes are asked for at a time, each on a thread of the pool; 0 for no sizes. */
  readonly sizesAtOnce: number;
}

export interface WalkLimits {
  readonly maxEntries: number;
  readonly maxMs: number;
}

/**
 * Counts what is in a folder and in the folders below it. A link counts as one file of its own size; what it leads to
 * does not count. What vanishes meanwhile is left out. Rejects with a reason for people where the folder is too large for the
 * limits or a part of it may not be read: half a number would be a wrong one.
 */
export async function walkFolder(
  root: string,
  { clock, limits, sizesAtOnce }: WalkOptions,
): Promise<FolderTotals> {
  const endMs = clock.monotonic() + limits.maxMs;
  const waiting = [root];
  let entries = 0;
  let files = 0;
  let bytes = 0;
  let batch: string[] = [];
  const addSizes = async () => {
    const sizes = await Promise.all(batch.map(sizeOf));
    batch = [];
    for (const size of sizes) bytes += size;
  };
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of entriesOf(folder, folder === root)) {
      entries += 1;
      if (entries > limits.maxEntries) {
        throw new Error(`it holds more than ${formatNumber(limits.maxEntries, 0)} files and folders`);
      }
      if (clock.monotonic() > endMs)
        throw new Error(`it could not be counted within ${limits.maxMs / 1000} s`);
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        waiting.push(path);
        continue;
      }
      files += 1;
      if (sizesAtOnce > 0) batch.push(path);
      if (batch.length > 0 && batch.length >= sizesAtOnce) await addSizes();
    }
  }
  await addSizes();
  return { files, bytes };
}

async function* entriesOf(folder: string, isRoot: boolean): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder, { bufferSize: 256 });
  } catch (error) {
    const code = errorCode(error);
    if (isRoot && code === 'ENOTDIR') throw new Error('it is a file, not a folder', { cause: error });
    if (isRoot) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    throw new Error(`${folder} cannot be read: ${failureText(error)}`, { cause: error });
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw new Error(`${path} cannot be read: ${failureText(error)}`, { cause: error });
  }
}
