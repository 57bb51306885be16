import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../electron/agent/agent.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import { dataDirAt } from '../../electron/agent/platform/data-dir.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../electron/agent/settings/settings-store.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { freePort, makeScratchDir, waitFor } from '../integration/support/scratch.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { ALERTS, makeDataFolders, PASSWORD, recipientOf } from './support/data-folder.ts';
import { startInnerAgent } from './support/inner-agent.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

const FILES = [
  'tocsin.db',
  'tocsin.db',
  'tocsin.db',
  'settings.json',
  'secrets.json',
  'secrets.key',
] as const;
type FileName = (typeof FILES)[number];

const SETTLE_MS = 4000;

interface Tally {
  lost: number;
  toldOf: number;
  unseen: number;
}

/** Truncates or flips bytes of one file at each point, starts the agent on it and looks at what it makes of that. */
async function run(points: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const scratch = makeScratchDir('tocsin-i8');
  const faults = new Faults();
  const tally: Tally = { lost: 0, toldOf: 0, unseen: 0 };
  let server: ScriptedSmtpServer | null = null;
  try {
    const port = await freePort();
    const folders = await makeDataFolders(scratch.dir, port);
    server = await new ScriptedSmtpServer().start(port);
    for (let number = 0; number < points; number += 1) {
      const file = FILES[number % FILES.length] ?? 'tocsin.db';
      const dir = join(scratch.dir, `point-${number}`);
      cpSync(random() < 0.5 ? folders.open : folders.closed, dir, { recursive: true });
      const what = damage(join(dir, file), random);
      server.accepted.length = 0;
      await look({
        dir,
        file,
        point: `${file} ${what} (seed ${seed}, point ${number})`,
        server,
        faults,
        tally,
      });
      rmSync(dir, { recursive: true, force: true });
    }
  } finally {
    await server?.stop();
    scratch.remove();
  }
  const note = `${tally.toldOf} told of, ${tally.unseen} left nothing to tell`;
  return { points, lost: tally.lost, doubled: 0, faults: faults.list, note };
}

/** Changes the file, never to what it was; says how. */
function damage(path: string, random: () => number): string {
  const bytes = readFileSync(path);
  const at = Math.floor(random() * bytes.length);
  const kind = random();
  if (kind < 0.3) {
    writeFileSync(path, bytes.subarray(0, at));
    return `cut at ${at}`;
  }
  const length = kind < 0.7 ? 1 : Math.min(512, bytes.length - at);
  for (let index = at; index < at + length; index += 1) {
    bytes[index] = (bytes[index] ?? 0) ^ (1 + Math.floor(random() * 255));
  }
  writeFileSync(path, bytes);
  return `${length} bytes flipped at ${at}`;
}

interface Look {
  readonly dir: string;
  readonly file: FileName;
  readonly point: string;
  readonly server: ScriptedSmtpServer;
  readonly faults: Faults;
  readonly tally: Tally;
}

async function look({ dir, file, point, server, faults, tally }: Look): Promise<void> {
  const damaged = readFileSync(join(dir, file));
  const started = await startInnerAgent(dir).catch((error: unknown) => String(error));
  if (typeof started === 'string' || 'refused' in started) {
    // Refusing with a reason, the file as it was, is no silent reset; but only damage may say so, not a crash.
    const reason = typeof started === 'string' ? started : JSON.stringify(started.refused);
    const kept = readFileSync(join(dir, file)).equals(damaged);
    faults.expect(kept && /newer version/.test(reason), point, `did not start: ${reason}`);
    tally.toldOf += 1;
    return;
  }
  const { agent, said } = started;
  try {
    const status = () => steadyStatus(agent);
    const names = (await status()).troubles.map(({ name }) => name);
    const told = names.length > 0 || said.some((line) => line.includes('by other means than an import'));
    if (told) tally.toldOf += 1;
    else tally.unseen += 1;
    if (file === 'tocsin.db') await lookAtMail({ dir, file, point, server, faults, tally }, status);
    else lookAtSettings(dir, point, told, faults);
  } finally {
    await agent.stop();
  }
}

/** The status, once it can be had: an agent that has met damage is between two databases for a moment. */
async function steadyStatus(agent: Agent): Promise<AgentStatus> {
  return waitFor(
    'the status',
    () => {
      try {
        return agent.status();
      } catch {
        return null;
      }
    },
    SETTLE_MS,
    25,
  );
}

/** Every alert still holds: each has been mailed before, or its mail comes now, from the old database or the new one. */
async function lookAtMail(
  { dir, point, server, faults, tally }: Look,
  status: () => Promise<AgentStatus>,
): Promise<void> {
  const arrived = () => new Set(server.accepted.flatMap(({ to }) => to));
  let isNew = false;
  const wanted = () => (isNew ? 0 : ALERTS / 2);
  const look = async () => {
    isNew = (await status()).troubles.some(({ name }) => name === 'Damaged database');
  };
  await look();
  const missing = () =>
    Array.from({ length: ALERTS - wanted() }, (_, index) => recipientOf(index + wanted())).filter(
      (address) => !arrived().has(address),
    );
  for (let waited = 0; waited < SETTLE_MS && missing().length > 0; waited += 25) {
    await delay(25);
    await look();
  }
  tally.lost += missing().length;
  faults.expect(missing().length === 0, point, `no mail to ${missing().join(', ')}`);
  const kept = readdirSync(dir).some((name) => /^tocsin\.db\.damaged-\w+$/.test(name));
  faults.expect(kept === isNew, point, `kept: ${kept}, told of: ${isNew}`);
  const told = isNew ? SETTLE_MS : 0;
  const notices = () => server.accepted.filter(({ data }) => /^Subject:.*Damaged database/im.test(data));
  for (let waited = 0; waited < told && notices().length === 0; waited += 25) await delay(25);
  faults.expect(!isNew || notices().length > 0, point, 'nobody was mailed about the damage');
}

/** The settings are those taken in, or what differs is told of; the password is the one stored, or its loss is told of. */
function lookAtSettings(dir: string, point: string, told: boolean, faults: Faults): void {
  const dataDir = dataDirAt(dir);
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  if (!loaded.ok) return faults.add(point, 'the settings cannot be read any more');
  const [server] = loaded.store.current().smtp.servers;
  const password = server === undefined ? null : loaded.store.smtpPassword(server);
  faults.expect(told || password === PASSWORD, point, 'the password is gone, and nobody was told');
  const alerts = loaded.store.current().alerts.length;
  faults.expect(told || alerts === ALERTS, point, `${alerts} alerts are left, and nobody was told`);
}

show({
  id: 'I8',
  title: 'damaged settings or database: the copy kept, the user told, no silent reset',
  full: 2000,
  quick: 200,
  run,
});
