import { join } from 'node:path';
import { startAgent, type Agent } from '../../electron/agent/agent.ts';
import { createAgentLog } from '../../electron/agent/log.ts';
import { readControl } from '../../electron/agent/platform/control-file.ts';
import { dataDirAt, type DataDir } from '../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../../electron/agent/platform/files.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../electron/agent/settings/settings-store.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import type { Client, MethodName } from '../../shared/contract/ipc.ts';
import type { Clock } from '../../shared/model/clock.ts';
import { scratchDir } from './scratch-dir.ts';

/** An agent as it runs, on a folder and a port of its own, with what a test needs to speak with it. */
export interface RealAgent {
  readonly agent: Agent;
  readonly dataDir: DataDir;
  readonly url: string;
  readonly token: string;
  /** Every log line and fault. */
  readonly said: string[];
  /** A call with the token; gives what came over the wire, unchecked. Throws with the status and words of a refusal. */
  readonly call: Client;
  raw(name: MethodName, request: unknown): Promise<{ status: number; body: string }>;
  /** The cookie of a session that was opened by a one-time link. */
  session(): Promise<string>;
}

export interface RealAgentOptions {
  readonly settings?: unknown;
  readonly distDir?: string | null;
  /** Where an installation has left settings. */
  readonly deliveryPlaces?: readonly string[];
  /** Where its data folder is made; a scratch folder of the running test where it is left out. */
  readonly folder?: string;
  /** The computer's own where it is left out. */
  readonly clock?: Clock;
}

/** Starts an agent; `agent.stop()` is the caller's. */
export async function startRealAgent(options: RealAgentOptions = {}): Promise<RealAgent> {
  const folder = options.folder ?? scratchDir();
  const dataDir = dataDirAt(join(folder, 'data'));
  if (options.settings !== undefined) {
    makeOwnerOnlyDir(dataDir.path);
    const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
    const taken = loaded.ok ? loaded.store.import(JSON.stringify(options.settings), folder) : loaded;
    if (!taken.ok) throw new Error(JSON.stringify(taken.faults));
  }
  const said: string[] = [];
  const write = (fields: object, text: string) => said.push(`${text} ${JSON.stringify(fields)}`);
  const started = await startAgent({
    dataDir,
    clock: options.clock ?? systemClock,
    random: systemRandom,
    log: createAgentLog({ info: write, warn: write, error: write }),
    deliveryPlaces: options.deliveryPlaces ?? [],
    consolePort: 0,
    withConsole: true,
    distDir: options.distDir ?? null,
    onBacklog: () => {},
    onDamage: () => {},
    isDamaged: false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started));
  const agent = started.value;
  const url = `http://127.0.0.1:${agent.port}`;
  const token = readControl(dataDir)?.token ?? '';
  const raw: RealAgent['raw'] = async (name, request) => {
    const response = await fetch(`${url}/api/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    return { status: response.status, body: await response.text() };
  };
  const call: Client = async (name, request) => {
    const { status, body } = await raw(name, request);
    if (status !== 200) throw new Error(`${status} ${body}`);
    return JSON.parse(body);
  };
  const session = async () => {
    const response = await fetch(agent.consoleLink() ?? '', { redirect: 'manual' });
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  return { agent, dataDir, url, token, said, call, raw, session };
}
