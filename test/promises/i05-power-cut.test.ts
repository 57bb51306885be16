import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dataDirAt } from '../../electron/agent/platform/data-dir.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../electron/agent/settings/settings-store.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { makeScratchDir } from '../integration/support/scratch.ts';
import type { Acceptance } from '../integration/support/smtp-sink-journal.ts';
import { CutDisk, CUTS } from './support/cut-disk.ts';
import { startInnerAgent } from './support/inner-agent.ts';
import { Faults, type Outcome, type Skipped } from './support/promise.ts';
import { type RecordedRun, recordRun } from './support/recorded-run.ts';
import { show } from './support/show.ts';
import { whyNoStrace } from './support/strace.ts';

/** Cuts of one recorded run. */
const CUTS_A_RUN = 60;
const ARRIVE_MS = 8000;
/** What is not sent by then waits for its next try; a second copy would have gone out with the others. */
const REST_MS = 500;
/** What a server took so long before the cut has been written down for certain; the program's own figure is 5 ms. */
const WRITTEN_AFTER_MS = 1000;

interface Tally {
  lost: number;
  /** Messages that had to come from the disk. */
  owed: number;
  messages: number;
  ops: number;
}

/** Agents are recorded at work; of each recording, power cuts at random moments are made and an agent started on what is left. */
async function run(points: number, seed: number): Promise<Outcome | Skipped> {
  const skipped = whyNoStrace();
  if (skipped !== null) return { skipped };
  const random = seededRandom(seed);
  const faults = new Faults();
  const scratch = makeScratchDir('tocsin-i5');
  const tally: Tally = { lost: 0, owed: 0, messages: 0, ops: 0 };
  try {
    for (let done = 0; done < points; done += CUTS_A_RUN) {
      const dir = join(scratch.dir, `run-${done}`);
      const recorded = await recordRun(dir);
      tally.messages += recorded.promised.messages.size;
      tally.ops += recorded.ops.length;
      faults.expect(recorded.promised.messages.size > 0, dir, 'the recorded agent promised nothing');
      const wasLate = recorded.ops.some((op) => op.kind === 'sync' && op.isData && op.path.endsWith('-wal'));
      faults.expect(wasLate, dir, 'no commit of the recorded agent was synced late');
      await cutOften(
        recorded,
        Math.min(CUTS_A_RUN, points - done),
        random,
        `seed ${seed}, run ${done}`,
        faults,
        tally,
      );
      rmSync(dir, { recursive: true });
    }
  } finally {
    scratch.remove();
  }
  const note = `${tally.ops} file operations of ${tally.messages} messages recorded; ${tally.owed} messages had to come from what the disk kept`;
  return { points, lost: tally.lost, doubled: 0, faults: faults.list, note };
}

async function cutOften(
  recorded: RecordedRun,
  count: number,
  random: () => number,
  label: string,
  faults: Faults,
  tally: Tally,
): Promise<void> {
  const { ops } = recorded;
  const moments = Array.from({ length: count }, () => 1 + Math.floor(random() * (ops.length - 1))).toSorted(
    (one, other) => one - other,
  );
  const disk = new CutDisk(recorded.before, recorded.dir);
  const server = await new ScriptedSmtpServer().start(recorded.port);
  try {
    let applied = 0;
    for (const [number, moment] of moments.entries()) {
      for (const op of ops.slice(applied, moment)) disk.apply(op);
      applied = moment;
      const kind = CUTS[number % CUTS.length] ?? CUTS[0];
      const cut = join(recorded.before, '..', `cut-${number}`);
      disk.writeTo(cut, kind, random);
      const point = `${label}, cut after operation ${moment} of ${ops.length}, ${kind}`;
      await startOn(cut, recorded, ops[moment - 1]?.at ?? 0, point, server, faults, tally);
      rmSync(cut, { recursive: true });
    }
  } finally {
    await server.stop();
  }
}

/** Starts an agent on what the cut left, and waits for everything that was promised before it. */
async function startOn(
  folder: string,
  { promised, acceptances }: RecordedRun,
  cutAt: number,
  point: string,
  server: ScriptedSmtpServer,
  faults: Faults,
  tally: Tally,
): Promise<void> {
  const idsOf = (taken: RecordedRun['acceptances']) => new Set(taken.map(({ messageId }) => messageId));
  const before = idsOf(acceptances.filter(({ at }) => at <= cutAt));
  const owed = [...promised.messages].flatMap(([id, at]) => (at < cutAt && !before.has(id) ? [id] : []));
  tally.owed += owed.length;
  server.accepted.length = 0;
  const started = await startInnerAgent(folder).catch((error: unknown) => ({ threw: String(error) }));
  if (!('agent' in started)) return faults.add(point, `no start: ${JSON.stringify(started)}`);
  const { agent } = started;
  try {
    // What waits for its next try is tried at once, as after a night in which the computer was off.
    agent.resumed();
    const missing = () => owed.filter((id) => !server.accepted.some(({ data }) => data.includes(`<${id}>`)));
    for (let waited = 0; waited < ARRIVE_MS && missing().length > 0; waited += 20) await delay(20);
    const waits = () => agent.status().outbox.waiting > 0;
    for (let waited = 0; waited < REST_MS && waits(); waited += 20) await delay(20);
    tally.lost += missing().length;
    // Where the reply was lost, because the server went away, a second copy is right.
    const isWritten = ({ at, replyWritten }: Acceptance) => replyWritten && at <= cutAt - WRITTEN_AFTER_MS;
    const written = [...idsOf(acceptances.filter(isWritten))];
    const again = written.filter((id) => server.accepted.some(({ data }) => data.includes(`<${id}>`)));
    for (const id of again) faults.add(point, `${id} had been taken long before and was sent again`);
    for (const id of missing()) faults.add(point, `${id} was promised and never came`);
    const troubles = agent.status().troubles.filter(({ name }) => name.startsWith('Damaged'));
    for (const { text } of troubles) faults.add(point, text);
  } finally {
    await agent.stop();
  }
  const due = promised.settings.filter(({ at }) => at < cutAt).at(-1);
  const number = (name: string) => Number(name.split('-')[1]);
  const found = settingsName(folder);
  faults.expect(
    found !== null && number(found) >= number(due?.name ?? 'name-0'),
    point,
    `the settings are ${found}, ${due?.name} had been confirmed`,
  );
}

function settingsName(folder: string): string | null {
  const dataDir = dataDirAt(folder);
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  return loaded.ok ? loaded.store.current().installation.name : null;
}

show({
  id: 'I5',
  title: 'what was accepted survives a power cut',
  full: 300,
  quick: 30,
  run,
});
