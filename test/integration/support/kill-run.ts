import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSettled, type LogEntry } from './agent-log.ts';
import { type AgentHarness, createAgentHarness } from './agent-process.ts';
import { checkKillRun, type ExpectedAlert, type Kill, type KillVerdict } from './kill-checker.ts';
import { KILL_AIMS, type KillAim, killMoment, seededRandom } from './kill-moments.ts';
import { waitFor } from './scratch.ts';
import { fileAlert, testSettings } from './settings-builder.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

export interface KillRunOptions {
  readonly kills: number;
  readonly alerts: number;
  /** The same seed aims at the same moments; the machine still decides what they hit. */
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface KillReport extends KillVerdict {
  readonly seed: number;
  readonly kills: number;
  /** Acceptances that the sink wrote down, second copies included. */
  readonly messages: number;
  /** How many kills left mail behind that was decided but not settled. */
  readonly killsWithMailQueued: number;
  /** How many kills fell after the sink had taken a mail and before the log had it. */
  readonly killsBeforeSettling: number;
  readonly seconds: number;
}

interface WatchedAlert extends ExpectedAlert {
  readonly path: string;
}

interface KillWithQueue extends Kill {
  /** Messages that were decided and not settled. */
  readonly queued: number;
}

const DRAIN_TIMEOUT_MS = 240_000;

/**
 * Kills the agent again and again while alerts fire and go out to a sink, starts it again on the same data folder each
 * time, and compares in the end what the sink wrote down with what should have come.
 */
export async function runKills(options: KillRunOptions): Promise<KillReport> {
  const started = performance.now();
  const random = seededRandom(options.seed);
  const agent = createAgentHarness('tocsin-kill');
  let sink: SmtpSink | null = null;
  try {
    // A server that thinks for a moment keeps mail under way for longer, which is when kills are interesting.
    sink = await startSmtpSink(agent.dir, { replyDelayMs: { min: 0, max: 25 } });
    const alerts = watchedAlerts(agent.dir, options.alerts);
    const alertSettings = alerts.map(({ name, path, recipient }) => fileAlert(name, path, [recipient]));
    const settings = testSettings({ servers: [{ port: sink.port }], alerts: alertSettings });
    await agent.must('import', agent.writeSettings(settings));

    const kills: KillWithQueue[] = [];
    const waiting = [...alerts];
    for (let number = 1; number <= options.kills; number += 1) {
      const aim = KILL_AIMS[number % KILL_AIMS.length] ?? 'any';
      const causes = waiting.splice(0, Math.ceil(waiting.length / (options.kills - number + 1)));
      const kill = await killOnce(agent, sink, aim, random, causes);
      kills.push(kill);
      options.onProgress?.(`kill ${number} (${aim}): ${kill.accepted.size} of ${alerts.length} accepted`);
    }
    const finalLog = await drain(agent, alerts.length);
    const acceptances = sink.acceptances();
    const verdict = checkKillRun({ alerts, kills, acceptances, finalLog });
    return {
      ...verdict,
      seed: options.seed,
      kills: kills.length,
      messages: acceptances.length,
      killsWithMailQueued: kills.filter(({ queued }) => queued > 0).length,
      killsBeforeSettling: kills.filter((kill) =>
        acceptances.some(
          ({ at, messageId }) => at <= kill.restartedAt && !kill.accepted.has(messageId ?? ''),
        ),
      ).length,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await agent.dispose();
    await sink?.stop();
  }
}

function watchedAlerts(dir: string, count: number): WatchedAlert[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return {
      name: `Alert ${number}`,
      recipient: `alert-${number}@contoso.example`,
      path: join(dir, `cause-${number}`),
    };
  });
}

/** One run of the agent: its causes appear at some moment, it is killed at another, and the folder is read. */
async function killOnce(
  agent: AgentHarness,
  sink: SmtpSink,
  aim: KillAim,
  random: () => number,
  causes: readonly WatchedAlert[],
): Promise<KillWithQueue> {
  agent.start();
  const appear = makeCauses(causes, random() * 1200);
  await killMoment({ aim, random, dataDir: agent.dataDir, sink });
  if (!agent.alive()) throw new Error(`The agent ended by itself: ${agent.said()}`);
  const at = Date.now();
  await agent.kill();
  await appear;
  const log = await agent.log();
  const accepted = log.filter((entry) => entry.recipients.every(({ status }) => status === 'accepted'));
  return {
    at,
    restartedAt: Date.now(),
    accepted: new Set(accepted.map(({ messageId }) => messageId)),
    queued: log.length - accepted.length,
  };
}

async function makeCauses(causes: readonly WatchedAlert[], delayMs: number): Promise<void> {
  await delay(delayMs);
  for (const { path } of causes) writeFileSync(path, 'now');
}

/** A last run that is left in peace until everything is settled; the log at its end. */
async function drain(agent: AgentHarness, count: number): Promise<LogEntry[]> {
  agent.start();
  await waitFor(
    `all ${count} alerts to be settled`,
    async () => {
      if (!agent.alive()) throw new Error(`The agent ended by itself: ${agent.said()}`);
      const log = await agent.log();
      return log.length >= count && log.every(isSettled) ? true : null;
    },
    DRAIN_TIMEOUT_MS,
    1000,
  ).catch(() => undefined);
  await agent.stop();
  return agent.log();
}
