import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cut, startCuttingProxy } from '../../fakes/cutting-proxy.ts';
import { type LogEntry, isSettled } from './agent-log.ts';
import { type AgentHarness, createAgentHarness } from './agent-process.ts';
import { unexplainedCopies } from './kill-checker.ts';
import { seededRandom } from './kill-moments.ts';
import { createRelayProcess, type RelayProcess } from './relay-process.ts';
import { freePort, waitFor } from './scratch.ts';
import { fileAlert, testSettings } from './settings-builder.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

export interface OverrideKillOptions {
  /** So many for the agent, and so many for the Web Service. */
  readonly kills: number;
  readonly alerts: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface OverrideKillReport {
  readonly seed: number;
  readonly kills: number;
  /** Connections that were cut before the request, before its answer, or inside it. */
  readonly cuts: number;
  /** Alerts whose mail never came to the mail server of the service. */
  readonly lost: readonly string[];
  /** Everything that must not be, in words: two messages for one alert, two acceptances, mail by the own server. */
  readonly wrong: readonly string[];
  /** Second copies by SMTP, each of one Message-ID, which kills of the service between dot and reply bring about. */
  readonly doubledBySmtp: number;
  readonly seconds: number;
}

interface WatchedAlert {
  readonly name: string;
  readonly recipient: string;
  readonly path: string;
}

/** A kill of the service, and when it answered again. */
export interface RelayKill {
  readonly at: number;
  readonly restartedAt: number;
}

const LONGEST_LIFE_MS = 1500;
const DRAIN_TIMEOUT_MS = 240_000;
const SERVICE_WORDS =
  '--from alerts@provider.example --messages-per-hour 1000000 --recipient-per-hour 1000000';

/**
 * Kills agent and Web Service in turn, at random moments, while alerts with SMTP override go out over connections that
 * are cut at random too, and compares in the end what was accepted with what should have been: each once.
 */
export async function runOverrideKills(options: OverrideKillOptions): Promise<OverrideKillReport> {
  const started = performance.now();
  const random = seededRandom(options.seed);
  const agent = createAgentHarness('tocsin-override-kill');
  const ends: (() => unknown)[] = [() => agent.dispose()];
  try {
    const sink = await startSmtpSink(agent.dir, { replyDelayMs: { min: 0, max: 25 } });
    ends.push(() => sink.stop());
    const relayDir = join(agent.dir, 'relay');
    const port = await freePort();
    const words = [...SERVICE_WORDS.split(' '), '--smtp-url', `smtp://127.0.0.1:${sink.port}`];
    const relay = createRelayProcess(relayDir, port, words);
    ends.push(() => relay.kill());
    let cuts = 0;
    const proxy = await startCuttingProxy(port, () => {
      const cut = cutFor(random());
      if (cut !== 'nowhere') cuts += 1;
      return cut;
    });
    ends.push(proxy.close);
    const alerts = watchedAlerts(agent.dir, options.alerts);
    await enrol(agent, relay, alerts, `http://127.0.0.1:${proxy.port}`);
    const kills = await killInTurn(agent, relay, alerts, random, options);
    const log = await drain(agent, sink, alerts);
    const submissions = await stopAndCount(relay, relayDir);
    return {
      seed: options.seed,
      kills: options.kills * 2,
      cuts,
      ...verdict(alerts, log, sink, submissions, kills),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function cutFor(chance: number): Cut {
  if (chance < 0.1) return 'request';
  if (chance < 0.2) return 'answer';
  return chance < 0.25 ? 'inside' : 'nowhere';
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

/** The own mail server is a port where nobody listens: whatever went there would show in the log. */
async function enrol(
  agent: AgentHarness,
  relay: RelayProcess,
  alerts: readonly WatchedAlert[],
  url: string,
): Promise<void> {
  const settings = testSettings({
    servers: [{ port: await freePort() }],
    alerts: alerts.map(({ name, path, recipient }) => ({
      ...(fileAlert(name, path, [recipient]) as object),
      emailProperties: { smtpOverride: true },
    })),
  });
  await agent.must('import', agent.writeSettings(settings));
  await relay.start();
  await waitFor('the service to be ready', async () =>
    (await fetch(`${relay.url}/readyz`)).ok ? true : null,
  );
  // A connection that is cut costs a code: another is made, as an administrator would.
  let renew: readonly string[] = [];
  await waitFor('the enrolment', async () => {
    const code = (await relay.must('installation', 'add', 'front-desk', ...renew)).trim();
    renew = ['--renew'];
    return (await agent.run('enroll', code, '--relay', url)).status === 0 ? true : null;
  });
}

async function killInTurn(
  agent: AgentHarness,
  relay: RelayProcess,
  alerts: readonly WatchedAlert[],
  random: () => number,
  { kills, onProgress }: OverrideKillOptions,
): Promise<RelayKill[]> {
  const waiting = [...alerts];
  const relayKills: RelayKill[] = [];
  agent.start();
  for (let number = 1; number <= kills; number += 1) {
    for (const { path } of waiting.splice(0, Math.ceil(waiting.length / (kills - number + 1))))
      writeFileSync(path, 'now');
    await delay(random() * LONGEST_LIFE_MS);
    const at = Date.now();
    await relay.kill();
    await relay.start();
    relayKills.push({ at, restartedAt: Date.now() });
    await delay(random() * LONGEST_LIFE_MS);
    if (!agent.alive()) throw new Error(`The agent ended by itself: ${agent.said()}`);
    await agent.kill();
    agent.start();
    onProgress?.(`${number} of ${kills}: agent and service killed once more`);
  }
  return relayKills;
}

/** Left in peace until everything is settled and has come to the mail server of the service. */
async function drain(
  agent: AgentHarness,
  sink: SmtpSink,
  alerts: readonly WatchedAlert[],
): Promise<LogEntry[]> {
  const arrived = () => new Set(sink.acceptances().flatMap(({ recipients }) => recipients)).size;
  await waitFor(
    `all ${alerts.length} alerts to be settled`,
    async () => {
      const log = await agent.log();
      return log.length >= alerts.length && log.every(isSettled) && arrived() >= alerts.length ? true : null;
    },
    DRAIN_TIMEOUT_MS,
    1000,
  ).catch(() => undefined);
  await agent.stop();
  return agent.log();
}

async function stopAndCount(relay: RelayProcess, dataDir: string): Promise<number> {
  await relay.stop();
  const db = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM submission').get()?.['n']);
  } finally {
    db.close();
  }
}

function verdict(
  alerts: readonly WatchedAlert[],
  log: readonly LogEntry[],
  sink: SmtpSink,
  submissions: number,
  kills: readonly RelayKill[],
): Pick<OverrideKillReport, 'lost' | 'wrong' | 'doubledBySmtp'> {
  const acceptances = sink.acceptances();
  const idsOf = (address: string) =>
    acceptances.flatMap(({ recipients, messageId }) => (recipients.includes(address) ? [messageId] : []));
  const several = alerts.filter(({ recipient }) => new Set(idsOf(recipient)).size > 1);
  const elsewhere = log.filter(({ attempts }) => attempts.some(({ route }) => route !== 'relay'));
  const failed = log.filter(({ recipients }) => recipients.some(({ status }) => status !== 'accepted'));
  const wrong = [
    ...several.map(({ name }) => `${name} came as several messages`),
    ...elsewhere.map(({ id }) => `${id} was tried by another route`),
    ...failed.map(({ id }) => `${id} was not accepted in the end`),
    ...unexplainedCopies(acceptances, kills),
  ];
  if (submissions !== alerts.length)
    wrong.push(`${submissions} acceptances by the service for ${alerts.length} alerts`);
  if (log.length !== alerts.length) wrong.push(`${log.length} messages for ${alerts.length} alerts`);
  const distinct = new Set(acceptances.map(({ messageId }) => messageId)).size;
  return {
    lost: alerts.filter(({ recipient }) => idsOf(recipient).length === 0).map(({ name }) => name),
    wrong,
    doubledBySmtp: acceptances.length - distinct,
  };
}
