import { existsSync } from 'node:fs';
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
  /** The enrolment with a Web Service, apart from the database so that damage to that does not end it. */
  readonly relayPath: string;
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
    relayPath: join(dir, 'relay.json'),
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

/** Commands hold the lock for the moment of an import; an agent that starts just then waits for them. */
const LOCK_WAIT_MS = 1000;

/**
 * Makes the folder and takes its lock. The lock is an exclusive transaction on a small SQLite file, which the operating
 * system ends with the process, however it ends: there is no stale lock to clean up after a crash. Throws where the file
 * cannot be used at all.
 */
export function lockDataDir(dataDir: DataDir): Result<DataDirLock> {
  makeOwnerOnlyDir(dataDir.path);
  const db = new DatabaseSync(dataDir.lockPath, { timeout: LOCK_WAIT_MS });
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return failure('data_dir_locked', { folder: dataDir.path });
    throw error;
  }
  return { ok: true, value: { release: () => db.close() } };
}

/** Whether somebody holds the lock at this moment. Takes nothing and makes nothing. */
export function isDataDirLocked(dataDir: DataDir): boolean {
  if (!existsSync(dataDir.lockPath)) return false;
  const db = new DatabaseSync(dataDir.lockPath, { readOnly: true, timeout: 0 });
  try {
    db.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    db.close();
  }
}

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
