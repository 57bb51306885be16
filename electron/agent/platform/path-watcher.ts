import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Stands for whatever is in a folder; no file has this name. */
const ANY = '/';

/** Tells of changes to files and folders as the operating system reports them. */
export interface PathWatcher {
  /**
   * From now on these files are watched, and what is in these folders, and nothing else. What cannot be watched is left
   * to the regular check.
   */
  setPaths(paths: readonly string[], folders?: readonly string[]): void;
  close(): void;
}

/**
 * Watches the folder that holds each path, so that files which come into being are noticed as well as those that
 * change or go (inotify, ReadDirectoryChangesW, FSEvents: https://nodejs.org/api/fs.html#caveats). A folder that does
 * not exist yet is tried again at the next `setPaths`.
 */
export function createPathWatcher(onChange: (path: string) => void): PathWatcher {
  const folders = new Map<string, { readonly watcher: FSWatcher; names: ReadonlyMap<string, string> }>();

  const forget = (folder: string) => {
    folders.get(folder)?.watcher.close();
    folders.delete(folder);
  };

  const start = (folder: string, names: ReadonlyMap<string, string>) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        const watched = folders.get(folder)?.names;
        if (!watched) return;
        // Some systems do not say which file it was; then it may have been any of them.
        if (name === null) for (const path of watched.values()) onChange(path);
        else for (const key of [name, ANY]) if (watched.has(key)) onChange(watched.get(key) ?? '');
      });
      // A folder that is removed, or a limit of the system: the regular check goes on without.
      watcher.on('error', () => forget(folder));
      folders.set(folder, { watcher, names });
    } catch {
      // Not there, or not allowed: see above.
    }
  };

  return {
    setPaths(paths, watchedFolders = []) {
      const wanted = new Map<string, Map<string, string>>();
      for (const path of paths) {
        const names = wanted.get(dirname(path)) ?? new Map<string, string>();
        wanted.set(dirname(path), names.set(basename(path), path));
      }
      for (const folder of watchedFolders) {
        const names = wanted.get(folder) ?? new Map<string, string>();
        wanted.set(folder, names.set(ANY, folder));
      }
      for (const folder of folders.keys()) if (!wanted.has(folder)) forget(folder);
      for (const [folder, names] of wanted) {
        const known = folders.get(folder);
        if (known) known.names = names;
        else start(folder, names);
      }
    },
    close() {
      for (const folder of folders.keys()) forget(folder);
    },
  };
}
