import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentHarness, createAgentHarness } from '../integration/support/agent-process.ts';
import { checkKillRun, type Kill } from '../integration/support/kill-checker.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { waitFor } from '../integration/support/scratch.ts';
import { fileAlert, testSettings } from '../integration/support/settings-builder.ts';
import { type SmtpSink, startSmtpSink } from '../integration/support/smtp-sink.ts';
import { isSettled } from '../integration/support/agent-log.ts';
import { Faults, type Outcome, type Skipped } from './support/promise.ts';
import { show } from './support/show.ts';
import { whyNoStrace } from './support/strace.ts';
import { startTracedAgent } from './support/traced-agent.ts';

/** What the agent asks of files and sockets, and about how often on one thread in a run (counted with strace). */
const CALLS: readonly (readonly [call: string, times: number])[] = [
  ['pwrite64', 100],
  ['fsync', 9],
  ['pwrite64', 60],
  ['write', 10],
  ['fcntl', 160],
  ['pread64', 100],
  ['sendto', 2],
  ['openat', 110],
  ['rename', 1],
  ['close', 80],
];
const ALERTS = 20;
/** Kills on one data folder, before everything must have arrived. */
const KILLS_A_RUN = 5;
const RUN_MS = 4000;

async function run(points: number, seed: number): Promise<Outcome | Skipped> {
  const skipped = whyNoStrace();
  if (skipped !== null) return { skipped };
  const random = seededRandom(seed);
  const faults = new Faults();
  let lost = 0;
  let doubled = 0;
  let hits = 0;
  for (let done = 0; done < points; done += KILLS_A_RUN) {
    const kills = Math.min(KILLS_A_RUN, points - done);
    const plan = Array.from({ length: kills }, (_, index) => {
      const [call, times] = CALLS[(done + index) % CALLS.length] ?? ['pwrite64', 500];
      return { call, when: 1 + Math.floor(random() * times) };
    });
    const result = await runKills(plan);
    const point = `seed ${seed}, points ${done + 1} to ${done + kills} (${plan.map(({ call, when }) => `${call} ${when}`).join(', ')})`;
    for (const name of result.lost) faults.add(point, `${name} was lost`);
    for (const fault of result.unexplained) faults.add(point, fault);
    lost += result.lost.length;
    doubled += result.doubled;
    hits += result.hits;
  }
  const note = `${hits} killed at their call, ${points - hits} after ${RUN_MS / 1000} s because it did not come; doubled by kills: ${doubled}`;
  return { points, lost, doubled, faults: faults.list, note };
}

/** Twenty alerts on one folder, a kill at each planned call, then a last start that is left in peace. */
async function runKills(plan: readonly { call: string; when: number }[]) {
  const agent = createAgentHarness('tocsin-i1');
  let sink: SmtpSink | null = null;
  try {
    sink = await startSmtpSink(agent.dir, { replyDelayMs: { min: 0, max: 10 } });
    const alerts = Array.from({ length: ALERTS }, (_, index) => ({
      name: `Alert ${index}`,
      recipient: `a${index}@contoso.example`,
      path: join(agent.dir, `cause-${index}`),
    }));
    const settings = testSettings({
      servers: [{ port: sink.port }],
      alerts: alerts.map(({ name, path, recipient }) => fileAlert(name, path, [recipient])),
    });
    await agent.must('import', agent.writeSettings(settings));
    const kills: Kill[] = [];
    let hits = 0;
    for (const [index, { call, when }] of plan.entries()) {
      const begin = Math.floor((index * ALERTS) / plan.length);
      const end = Math.floor(((index + 1) * ALERTS) / plan.length);
      const { hit, ...kill } = await killOnce(agent, call, when, alerts.slice(begin, end));
      kills.push(kill);
      if (hit) hits += 1;
    }
    const finalLog = await drain(agent);
    return { ...checkKillRun({ alerts, kills, acceptances: sink.acceptances(), finalLog }), hits };
  } finally {
    await agent.dispose();
    await sink?.stop();
  }
}

async function killOnce(
  agent: AgentHarness,
  call: string,
  when: number,
  causes: readonly { path: string }[],
): Promise<Kill & { hit: boolean }> {
  // Before the kill, so that a kill during the first check finds them as well; what it does not see, the next run does.
  for (const { path } of causes) writeFileSync(path, 'now');
  const traced = startTracedAgent(agent.dataDir, call, when);
  await Promise.race([traced.ended, delay(RUN_MS)]);
  const hit = traced.hasEnded();
  const at = Date.now() - (hit ? 50 : 0);
  await traced.end();
  const log = await agent.log();
  const accepted = log.filter((entry) => entry.recipients.every(({ status }) => status === 'accepted'));
  return { at, restartedAt: Date.now(), hit, accepted: new Set(accepted.map(({ messageId }) => messageId)) };
}

async function drain(agent: AgentHarness) {
  agent.start();
  await waitFor(
    'all alerts to be settled',
    async () => {
      const log = await agent.log();
      return log.length >= ALERTS && log.every(isSettled) ? true : null;
    },
    120_000,
    300,
  ).catch(() => undefined);
  await agent.stop();
  return agent.log();
}

show({
  id: 'I1',
  title: 'what was accepted into the outbox is delivered at least once, whatever kills the agent where',
  full: 1000,
  quick: 50,
  run,
});
