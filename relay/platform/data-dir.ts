import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { failure, type Result } from '../../shared/errors.ts';

/** Where the Web Service keeps everything of its own. */
export interface RelayDataDir {
  readonly path: string;
  readonly databasePath: string;
  readonly practiceDir: string;
  readonly lockPath: string;
}

/** The operating system's folder for application data, or `TOCSIN_RELAY_DATA_DIR` where that is set. */
export function defaultRelayDataDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const override = environment['TOCSIN_RELAY_DATA_DIR'];
  if (override) return resolve(override);
  switch (platform) {
    case 'win32':
      return join(environment['PROGRAMDATA'] ?? 'C:\\ProgramData', 'Tocsin Relay');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Tocsin Relay');
    default:
      // systemd's StateDirectory= gives the folder of a service; else the one of the user.
      return (
        environment['STATE_DIRECTORY'] ||
        join(environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'tocsin-relay')
      );
  }
}

/** Names the parts of a data folder and makes the folder, readable by its owner only. */
export function relayDataDirAt(path: string): RelayDataDir {
  const dir = resolve(path);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return {
    path: dir,
    databasePath: join(dir, 'relay.db'),
    practiceDir: join(dir, 'practice-mailbox'),
    lockPath: join(dir, 'relay.lock'),
  };
}

/**
 * The right to deliver from a data folder. An exclusive transaction on a small SQLite file, which the operating system
 * ends with the process, however it ends. Commands do without: they only write rows.
 */
export function lockRelayDataDir(dataDir: RelayDataDir): Result<{ release(): void }> {
  const db = new DatabaseSync(dataDir.lockPath, { timeout: 0 });
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch {
    db.close();
    return failure('data_dir_locked', { folder: dataDir.path });
  }
  return { ok: true, value: { release: () => db.close() } };
}
