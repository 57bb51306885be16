import { type ChildProcess, fork, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { publicKeyText } from '../../mail/relay-signature.ts';
import { hashCode } from '../../relay/enrolment-code.ts';
import { relayDataDirAt } from '../../relay/platform/data-dir.ts';
import { openRelayStore } from '../../relay/store/open-relay-store.ts';
import { freePort, makeScratchDir, waitFor } from '../integration/support/scratch.ts';
import { cpuNs } from './process-cost.ts';
import { INSTALLATIONS, RELAY_CONNECTIONS, RELAY_MESSAGES, RELAY_WARM_UP } from './relay-figures.ts';
import type { LoadPlan, LoadResult } from './relay-load.ts';
import type { BenchKey } from './relay-requests.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const NO_QUOTA = '1000000000';

export interface RelayRound extends LoadResult {
  /** CPU of the service for each message of the load, in milliseconds. */
  readonly serviceCpuMs: number;
}

/**
 * One round: a service of its own on a fresh folder, whose mail server is the one given, and the load on it. `during`
 * is called when the counted part begins, and what it returns when that ends.
 */
export async function relayRound(
  smtpPort: number,
  during: () => () => void = () => () => {},
): Promise<RelayRound> {
  const scratch = makeScratchDir('tocsin-bench-relay');
  const dataDir = join(scratch.dir, 'data');
  const children: ChildProcess[] = [];
  try {
    const keys = await enrol(dataDir);
    const port = await freePort();
    const service = startService(dataDir, port, smtpPort, join(scratch.dir, 'service.log'));
    children.push(service);
    await waitFor('the Web Service to be ready', () => isReady(port));
    const plan: LoadPlan = {
      port,
      keys,
      warmUp: RELAY_WARM_UP,
      messages: RELAY_MESSAGES,
      connections: RELAY_CONNECTIONS,
    };
    const load = fork(join(import.meta.dirname, 'relay-load.ts'), [JSON.stringify(plan)], { execArgv: [] });
    children.push(load);
    return await measure(load, service.pid ?? 0, during);
  } finally {
    await Promise.all(children.map(end));
    scratch.remove();
  }
}

function measure(load: ChildProcess, servicePid: number, during: () => () => void): Promise<RelayRound> {
  return new Promise((done, fail) => {
    let cpuBefore = 0;
    let ended = () => {};
    load.once('exit', (status) => fail(new Error(`The load on the Web Service ended with ${status}`)));
    load.on('message', (message: 'ready' | 'warm' | LoadResult) => {
      if (message === 'ready') load.send('go');
      else if (message === 'warm') {
        cpuBefore = cpuNs(servicePid);
        ended = during();
      } else {
        ended();
        done({ ...message, serviceCpuMs: (cpuNs(servicePid) - cpuBefore) / 1e6 / RELAY_MESSAGES });
      }
    });
  });
}

/** Enrols installations in the folder of a service that does not run yet. */
async function enrol(dataDirPath: string): Promise<BenchKey[]> {
  const opened = openRelayStore(relayDataDirAt(dataDirPath).databasePath, systemRandom);
  if (!opened.ok) throw new Error(opened.error.message);
  const { relayStore } = opened.value;
  const keys: BenchKey[] = [];
  for (let index = 0; index < INSTALLATIONS; index += 1) {
    const now = systemClock.now();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const keyId = systemRandom.id(now);
    const installation = { id: systemRandom.id(now), name: `bench ${index}`, replyTo: null, expiresAt: null };
    const hash = hashCode(`CODE-${index}`);
    await relayStore.addInstallation(installation, { hash, validUntil: now + 60_000 }, now);
    await relayStore.enrol(hash, { keyId, publicKey: publicKeyText(publicKey), reportedName: 'bench' }, now);
    keys.push({ keyId, privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() });
  }
  await relayStore.close();
  return keys;
}

/** The built service with its defaults but for the quotas, logging each request into a file. */
function startService(dataDir: string, port: number, smtpPort: number, logPath: string): ChildProcess {
  const log = openSync(logPath, 'w');
  const quotas = ['--messages-per-hour', NO_QUOTA, '--recipient-per-hour', NO_QUOTA];
  const mail = ['--smtp-url', `smtp://127.0.0.1:${smtpPort}`, '--from', 'tocsin@contoso.example'];
  const place = ['--data-dir', dataDir, '--port', String(port)];
  const words = [join(ROOT, 'bin/tocsin-relay.js'), 'serve', ...place, ...mail, ...quotas];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', log] });
  closeSync(log);
  return child;
}

async function isReady(port: number): Promise<true | null> {
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return ready?.status === 200 ? true : null;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}
