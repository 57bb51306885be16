import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { readPlainFile } from '../platform/plain-file.ts';
import { REJECTED } from './folder.ts';
import { REQUEST_SUFFIX } from './request.ts';

/** What lies in the folder of a file alert. */
interface FolderLook {
  /** Why it cannot be read, in words; null where it can. */
  readonly problem: string | null;
  readonly waiting: number;
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
  readonly rejectedCount: number;
}

/** So many refused requests are told of by name. */
const TOLD_MAX = 10;
const REASON_MAX_BYTES = 16 * 1024;

/** Looks into a folder without changing anything in it. */
export async function lookIntoFolder(folder: string): Promise<FolderLook> {
  const nothing = { waiting: 0, rejected: [], rejectedCount: 0 };
  // Where a relative path leads depends on where the agent was started.
  if (!isAbsolute(folder))
    return { ...nothing, problem: 'Write the folder in full, from the root or the drive.' };
  try {
    const waiting = (await requestsIn(folder)).length;
    const rejectedDir = join(folder, REJECTED);
    // Nothing has been refused where there is no such folder.
    const refused = await requestsIn(rejectedDir).catch(() => []);
    const newest = await newestFirst(rejectedDir, refused);
    const rejected = newest.slice(0, TOLD_MAX).map((name) => ({ name, reason: reasonOf(rejectedDir, name) }));
    return { problem: null, waiting, rejected, rejectedCount: refused.length };
  } catch (error) {
    return { ...nothing, problem: problemOf(error) };
  }
}

async function requestsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(REQUEST_SUFFIX) && !name.startsWith('.'));
}

async function newestFirst(folder: string, names: readonly string[]): Promise<string[]> {
  const dated = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => null);
      return { name, at: info?.mtimeMs ?? 0 };
    }),
  );
  return dated.toSorted((a, b) => b.at - a.at).map(({ name }) => name);
}

function reasonOf(folder: string, name: string): string {
  const read = readPlainFile(folder, `${name}.reason.txt`, REASON_MAX_BYTES);
  return read.ok ? read.content.toString('utf8').trim() : 'The reason is not there any more.';
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
      return 'There is no such folder yet. Create it, and let the program write into it.';
    case 'ENOTDIR':
      return 'This is a file, not a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'Tocsin may not read this folder. Let the account that Tocsin runs under read and write it.';
    default:
      return `The folder cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
