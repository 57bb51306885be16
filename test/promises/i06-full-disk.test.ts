import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentHarness, createAgentHarness } from '../integration/support/agent-process.ts';
import { fileAlert, testSettings } from '../integration/support/settings-builder.ts';
import { waitFor } from '../integration/support/scratch.ts';
import { type SmtpSink, startSmtpSink } from '../integration/support/smtp-sink.ts';
import { Faults, type Outcome, type Skipped } from './support/promise.ts';
import { show } from './support/show.ts';
import { failWrites, whyNoStrace } from './support/strace.ts';
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts';

interface Round {
  readonly what: string;
  readonly megabytes: number;
  /** With what every write fails from outside; null where the disk is filled to the brim instead. */
  readonly error: 'EIO' | 'EROFS' | null;
  /** Whether the server is away while the disk takes nothing, so that mail has to wait in memory. */
  readonly serverAway: boolean;
  /** Whether the agent has had time to set room aside in its database. */
  readonly hasReserve: boolean;
}

const ROUNDS: readonly Round[] = [
  { what: '1 MiB, full', megabytes: 1, error: null, serverAway: false, hasReserve: false },
  { what: '2 MiB, full, no server', megabytes: 2, error: null, serverAway: true, hasReserve: false },
  { what: 'read-only', megabytes: 16, error: 'EROFS', serverAway: false, hasReserve: false },
  { what: '16 MiB, full, with reserve', megabytes: 16, error: null, serverAway: false, hasReserve: true },
  { what: 'failing, no server', megabytes: 16, error: 'EIO', serverAway: true, hasReserve: true },
];
const ALERTS = 12;
/** What is measured of an alert that has cleared again before there is room. */
const CLEARED = 6;

async function run(points: number): Promise<Outcome | Skipped> {
  const reason = whyNoStrace();
  // Where nothing can be traced, the disks that are full are tried all the same.
  const rounds = ROUNDS.filter(({ error }) => error === null || reason === null);
  const faults = new Faults();
  let lost = 0;
  let doubled = 0;
  let fromMemory = 0;
  for (let number = 0; number < points; number += 1) {
    const round = rounds[number % rounds.length];
    if (round === undefined) continue;
    const outcome = await runRound(round, faults);
    if (typeof outcome === 'string') return { skipped: outcome };
    lost += outcome.lost;
    doubled += outcome.doubled;
    fromMemory += outcome.fromMemory;
  }
  const note = `${ALERTS} alerts each; ${fromMemory} mailed while the disk took nothing`;
  return { points, lost, doubled, faults: faults.list, note };
}

async function runRound(
  round: Round,
  faults: Faults,
): Promise<string | { lost: number; doubled: number; fromMemory: number }> {
  const agent = createAgentHarness('tocsin-i6');
  const disk = mountSmallDisk(agent.dataDir, round.megabytes);
  let sink: SmtpSink | null = null;
  try {
    if (typeof disk === 'string') return disk;
    sink = await startSmtpSink(agent.dir);
    return await tryRound(round, agent, disk, sink, faults);
  } finally {
    if (typeof disk !== 'string') {
      await agent.stop();
      disk.unmount();
    }
    await agent.dispose();
    await sink?.stop();
  }
}

async function tryRound(round: Round, agent: AgentHarness, disk: SmallDisk, first: SmtpSink, faults: Faults) {
  let sink = first;
  const { what } = round;
  const causes = Array.from({ length: ALERTS }, (_, index) => join(agent.dir, `cause-${index}`));
  const alerts = causes.map((path, index) =>
    fileAlert(`Alert ${index}`, path, [`a${index}@contoso.example`]),
  );
  await agent.must('import', agent.writeSettings(testSettings({ servers: [{ port: sink.port }], alerts })));
  const pid = agent.start();
  await agent.ready();
  if (round.hasReserve) await delay(6000);

  const heal = await breakDisk(round, pid, disk);
  const early = sink.acceptances();
  if (round.serverAway) await sink.stop();
  for (const path of causes) writeFileSync(path, 'now');
  await waitFor('word of the disk', async () => (await troubleOf(agent)) ?? null, 15_000).catch(() => {
    // With room set aside nothing needs to be said until that is used up.
    faults.expect(
      round.hasReserve && round.error === null,
      what,
      'the status does not say that the disk takes nothing',
    );
  });
  await delay(2000);
  const fromMemory = round.serverAway ? 0 : sink.acceptances().length;
  faults.expect(
    round.serverAway || fromMemory === ALERTS,
    what,
    `${fromMemory} of ${ALERTS} mailed meanwhile`,
  );
  faults.expect(agent.alive(), what, `the agent ended: ${agent.said()}`);
  for (const path of causes.slice(0, CLEARED)) rmSync(path);
  await delay(2000);
  const acceptedEarly = (await agent.log()).filter(({ recipients }) =>
    recipients.some(({ status }) => status === 'accepted'),
  );
  const known = new Set([...early, ...sink.acceptances()].map(({ messageId }) => messageId));
  const falsely = acceptedEarly.filter(({ messageId }) => !known.has(messageId));
  faults.expect(falsely.length === 0, what, `${falsely.length} stand as accepted and never came`);

  if (round.serverAway) sink = await startSmtpSink(agent.dir, { port: sink.port });
  await heal();
  const arrived = () => new Set(sink.acceptances().flatMap(({ recipients }) => recipients));
  await waitFor('all mails', () => (arrived().size >= ALERTS ? true : null), 90_000).catch(() => {});
  const entries = await waitFor(
    'the log to hold them',
    async () => {
      const log = await agent.log();
      return log.filter(
        ({ kind, recipients }) => kind === 'alert' && recipients.every(({ status }) => status === 'accepted'),
      ).length >= ALERTS
        ? log
        : null;
    },
    20_000,
  ).catch(() => null);
  faults.expect(entries !== null, what, 'the log does not show every alert as accepted in the end');
  await waitFor(
    'the trouble to be over',
    async () => ((await troubleOf(agent)) === undefined ? true : null),
    10_000,
  ).catch(() => faults.add(what, 'the status still speaks of the disk'));
  const lost = ALERTS - arrived().size;
  faults.expect(lost === 0, what, `${lost} alerts were never mailed`);
  const doubled = sink.acceptances().length - arrived().size;
  faults.expect(doubled === 0, what, `${doubled} second copies`);
  if (round.serverAway) await sink.stop();
  return { lost, doubled, fromMemory };
}

async function breakDisk(round: Round, pid: number, disk: SmallDisk): Promise<() => Promise<void>> {
  if (round.error !== null) return failWrites(pid, round.error);
  disk.fill();
  return async () => disk.free();
}

async function troubleOf(agent: AgentHarness): Promise<unknown> {
  const { troubles } = await agent.status();
  return (troubles as { name: string }[]).find(({ name }) => name === 'Disk full');
}

show({
  id: 'I6',
  title: 'full or read-only disk: nothing “accepted” falsely, mail goes from memory, the status says so',
  full: 10,
  quick: 1,
  run,
});
