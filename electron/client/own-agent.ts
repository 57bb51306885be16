import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentLog } from '../agent/log.ts';
import { type DataDir, isDataDirLocked } from '../agent/platform/data-dir.ts';
import { deliveryPlaces } from '../agent/platform/delivery-places.ts';
import { distDir } from '../agent/platform/dist-dir.ts';
import { quickenPace } from '../agent/platform/pace.ts';
import { type Keyring, openSealedKey } from '../agent/settings/sealed-key.ts';
import { createSecretStore } from '../agent/settings/secret-store.ts';
import { startSteadyAgent } from '../agent/steady-agent.ts';

/** Who watches: this process (`agent`), or another that owns the data folder, such as the service. */
export type Watching =
  | { readonly ok: true; readonly agent: Agent | null }
  | { readonly ok: false; readonly why: string };

/** Starts the agent in this process, unless somebody owns the data folder already: then the desktop app is its client. */
export async function startOrJoin(dataDir: DataDir, log: AgentLog, keyring: Keyring): Promise<Watching> {
  // Whoever owns the folder has its key open; it is not sealed behind his back.
  if (isDataDirLocked(dataDir)) return { ok: true, agent: null };
  const key = await openSealedKey(dataDir.keyPath, keyring, systemClock);
  const started = await startSteadyAgent({
    dataDir,
    secrets: createSecretStore(dataDir.secretsPath, key),
    clock: systemClock,
    random: systemRandom,
    log,
    deliveryPlaces: deliveryPlaces(dataDir),
    consolePort: 0,
    withConsole: true,
    distDir: distDir(),
    onBacklog: quickenPace,
  });
  if (started.ok) return { ok: true, agent: started.value };
  if ('faults' in started) {
    const faults = started.faults.map(({ path, message }) => `${path} ${message}`.trim());
    return {
      ok: false,
      why: `The settings in ${dataDir.settingsPath} cannot be used: ${faults.join('; ')}. Start Tocsin with --settings FILE to take in sound ones; these are kept beside them.`,
    };
  }
  if (started.error.code === 'data_dir_locked') return { ok: true, agent: null };
  return { ok: false, why: started.error.message };
}
