import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataDir, dataDirAt } from '../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../../electron/agent/platform/files.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { openSettingsStore, type SettingsStore } from '../../electron/agent/settings/settings-store.ts';
import { scratchDir } from './scratch-dir.ts';

/** A data folder without settings yet, and a folder beside it that settings are imported from. */
export class SettingsRig {
  readonly baseDir = scratchDir();
  readonly dataDir: DataDir = dataDirAt(join(this.baseDir, 'data'));

  constructor() {
    makeOwnerOnlyDir(this.dataDir.path);
  }

  open(): SettingsStore {
    const loaded = openSettingsStore(this.dataDir, createKeyFileSecretStore(this.dataDir));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    return loaded.store;
  }

  take(store: SettingsStore, document: object) {
    return store.import(JSON.stringify(document), this.baseDir);
  }

  passwordOf(store: SettingsStore): string | null {
    const [server] = store.current().smtp.servers;
    return server ? store.smtpPassword(server) : null;
  }

  /** Everything in the data folder as text, to look for what must not be there. */
  everythingOnDisk(): string {
    return readdirSync(this.dataDir.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }
}
