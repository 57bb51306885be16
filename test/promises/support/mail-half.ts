import { createAgentLink } from '../../../electron/agent/dispatch/relay/agent-link.ts';
import { createAgentLog } from '../../../electron/agent/log.ts';
import { type MailSystem, openMailSystem } from '../../../electron/agent/mail-system.ts';
import { dataDirAt } from '../../../electron/agent/platform/data-dir.ts';
import { createKeyFileSecretStore } from '../../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../../electron/agent/settings/settings-store.ts';
import { systemRandom } from '../../../mail/platform/clock.ts';
import type { Store } from '../../../mail/store.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';

/** The half of an agent that gets mail out, as the agent puts it together: nothing is measured. */
export interface MailHalf {
  readonly mail: MailSystem;
  readonly store: Store;
  /** Faults of its own; that a mail was given up is none. */
  readonly faults: string[];
  readonly stop: () => Promise<void>;
}

/**
 * Opens it on a folder that has settings, with a database in memory: days of an injected clock are tens of thousands of
 * commits, which a disk would take minutes for.
 */
export async function openMailHalf(folder: string, clock: Clock): Promise<MailHalf> {
  const dataDir = dataDirAt(folder);
  const secrets = createKeyFileSecretStore(dataDir);
  const loaded = openSettingsStore(dataDir, secrets);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded));
  const store = memoryStore();
  const faults: string[] = [];
  const silent = createAgentLog({ info: () => {}, warn: () => {}, error: () => {} });
  const log = { ...silent, fault: (error: unknown) => void faults.push(String(error)) };
  const mail = await openMailSystem({
    dataDir,
    settings: loaded.store,
    tokens: () => {
      throw new Error('no server here logs in by OAuth 2.0');
    },
    store,
    clock,
    random: systemRandom,
    hostName: 'front-desk',
    log,
    relay: () => relay,
    onBacklog: () => {},
    onChanged: () => {},
    onFault: log.fault,
  });
  const relay = await createAgentLink({
    ...mail.telling,
    relayPath: dataDir.relayPath,
    secrets,
    settings: loaded.store,
    random: systemRandom,
    log,
    vitals: () => {
      throw new Error('this computer is not enrolled, so nobody asks for signs of life');
    },
    onAvailable: () => mail.tryNow('relay'),
    onFailedLater: mail.watch.failedLater,
  });
  mail.start();
  return {
    mail,
    store,
    faults,
    async stop() {
      await mail.stop();
      await relay.close();
      store.close();
    },
  };
}
