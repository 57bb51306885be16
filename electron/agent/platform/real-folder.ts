import { closeSync, constants, lstatSync, openSync } from 'node:fs';

/**
 * Works in a folder that is no link, by the path that `work` is given. On Linux that path is the open folder itself, so that
 * whoever may write where it lies cannot put a link in its place meanwhile; other systems have no such path, and there it
 * is looked at right before. Throws where it is no folder.
 */
export function inRealFolder(folder: string, work: (path: string) => void): void {
  if (process.platform !== 'linux') {
    if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is not a folder.`);
    work(folder);
    return;
  }
  const open = openFolder(folder);
  try {
    work(`/proc/self/fd/${open}`);
  } finally {
    closeSync(open);
  }
}

function openFolder(folder: string): number {
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOTDIR' || code === 'ELOOP')
      throw new Error(`${folder} is not a folder.`, { cause: error });
    throw error;
  }
}
