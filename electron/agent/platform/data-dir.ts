import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, type Result } from '../../../shared/errors.ts';
import { makeOwnerOnlyDir } from './files.ts';

/** Where everything of one installation lies. */
export interface DataDir {
  readonly path: string;
  readonly databasePath: string;
  readonly settingsPath: string;
  readonly secretsPath: string;
  readonly keyPath: string;
  /** Certificates of authorities, taken in with the settings. */
  readonly caDir: string;
  readonly practiceDir: string;
  /** Where and by which token the running agent is reached. */
  readonly controlPath: string;
  readonly lockPath: string;
}

/** The operating system's folder for application data, or `TOCSIN_DATA_DIR` where that is set. */
export function defaultDataDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const override = environment['TOCSIN_DATA_DIR'];
  if (override) return resolve(override);
  switch (platform) {
    case 'win32':
      return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Tocsin');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Tocsin');
    default:
      // https://specifications.freedesktop.org/basedir-spec/: state that should persist, for this user.
      return join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'tocsin');
  }
}

export function dataDirAt(path: string): DataDir {
  const dir = resolve(path);
  return {
    path: dir,
    databasePath: join(dir, 'tocsin.db'),
    settingsPath: join(dir, 'settings.json'),
    secretsPath: join(dir, 'secrets.json'),
    keyPath: join(dir, 'secrets.key'),
    caDir: join(dir, 'ca'),
    practiceDir: join(dir, 'practice-mailbox'),
    controlPath: join(dir, 'agent.json'),
    lockPath: join(dir, 'agent.lock'),
  };
}

/** The lock on a data folder, while it is held. */
export interface DataDirLock {
  release(): void;
}

/**
 * Makes the folder and takes its lock. The lock is an exclusive transaction on a small SQLite file, which the operating
 * system ends with the process, however it ends: there is no stale lock to clean up after a crash.
 */
export function lockDataDir(dataDir: DataDir): Result<DataDirLock> {
  makeOwnerOnlyDir(dataDir.path);
  const db = new DatabaseSync(dataDir.lockPath, { timeout: 0 });
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    return failure('data_dir_locked', { folder: dataDir.path });
  }
  return { ok: true, value: { release: () => db.close() } };
}
