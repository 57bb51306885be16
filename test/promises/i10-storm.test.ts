import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeWords } from 'postal-mime';
import { type AgentHarness, createAgentHarness } from '../integration/support/agent-process.ts';
import { fileAlert, testSettings } from '../integration/support/settings-builder.ts';
import { type SmtpSink, startSmtpSink } from '../integration/support/smtp-sink.ts';
import { alertCount, storm } from './support/monitor-storm.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/** The figure of promise I10. */
const MOST_RSS_MB = 300;
const TIMEOUT_MS = 120_000;

/** So often all alerts fire and clear again in a real agent: settings take a thousand alerts, and a storm is ten thousand. */
const ROUNDS = 10;
const ROUND_MS = 1200;
/** What follows the first mail within 30 s leaves at their end. */
const DIGEST_TIMEOUT_MS = 45_000;

/**
 * So many alerts fire in one check, for people of their own each, then for the same, then again and again; and ten times
 * as many in a minute in the monitor alone, where what is told of each is counted.
 */
async function run(points: number): Promise<Outcome> {
  const faults = new Faults();
  const apart = await fire(points, (index) => `a${index}@contoso.example`, arrivedApart);
  const point = `${points} alerts at once`;
  const lost = points - apart.told;
  const doubled = apart.mails - apart.told;
  faults.expect(lost === 0, point, `${lost} did not arrive within ${TIMEOUT_MS / 1000} s`);
  faults.expect(doubled === 0, point, `${doubled} came twice`);
  const joined = await fire(points, () => 'it@contoso.example', arrivedJoined);
  faults.expect(joined.told === points, point, `one address was told of ${joined.told}`);
  faults.expect(joined.mails === 1, point, `one address got ${joined.mails} mails`);
  const again = await fireAgain(points);
  const storms = `${points} alerts that fire and clear ${ROUNDS} times`;
  faults.expect(again.fired >= points * (ROUNDS - 1), storms, `only ${again.fired} firings came about`);
  faults.expect(again.mails <= 2, storms, `one address got ${again.mails} mails within a minute`);
  faults.expect(again.digest === points, storms, `the digest told of ${again.digest}`);
  faults.expect(again.isAlive, storms, 'the agent ended');
  const inside = await storm(10 * points);
  const many = `${10 * points} alerts in a minute`;
  faults.expect(inside.told === 10 * points, many, `one address was told of ${inside.told}`);
  faults.expect(inside.mails <= 3, many, `one address got ${inside.mails} mails`);
  faults.expect(inside.mostHeld > 0, many, 'nothing was ever held');
  // Figures of the system, not of time: they do not hang on how busy the machine is.
  const mostMb = Math.max(apart.mostMb, joined.mostMb, again.mostMb, again.idleMb + inside.grownMb);
  faults.expect(mostMb < MOST_RSS_MB, point, `${mostMb} MB were taken`);
  const note = [
    `apart: ${apart.mails} mails after ${apart.seconds.toFixed(1)} s, at most ${apart.mostMb.toFixed(0)} MB`,
    `for the same: ${joined.mails} mail, ${joined.mostMb.toFixed(0)} MB`,
    `again and again: ${again.fired} firings, ${again.mails} mails, ${again.mostMb.toFixed(0)} MB`,
    `ten times as many: ${inside.mails} mails, ${inside.grownMb.toFixed(0)} MB more`,
  ];
  return { points, lost, doubled, faults: faults.list, note: note.join('; ') };
}

interface Storm {
  /** Alerts that the mails name or count. */
  readonly told: number;
  readonly mails: number;
  readonly mostMb: number;
  readonly seconds: number;
}

/** Lets alerts fire in a real agent, and reads what a mail server outside of it received. */
async function fire(
  alerts: number,
  recipient: (index: number) => string,
  told: (sink: SmtpSink) => number,
): Promise<Storm> {
  const agent = createAgentHarness('tocsin-i10');
  const sink = await startSmtpSink(agent.dir);
  try {
    const cause = join(agent.dir, 'cause');
    const settings = Array.from({ length: alerts }, (_, index) =>
      fileAlert(`Alert ${index}`, cause, [recipient(index)]),
    );
    await agent.must(
      'import',
      agent.writeSettings(testSettings({ servers: [{ port: sink.port }], alerts: settings })),
    );
    const pid = agent.start();
    await agent.ready();
    writeFileSync(cause, 'now');
    let mostMb = 0;
    const started = performance.now();
    while (told(sink) < alerts && performance.now() - started < TIMEOUT_MS) {
      mostMb = Math.max(mostMb, rssMb(pid));
      await delay(100);
    }
    const seconds = (performance.now() - started) / 1000;
    return { told: told(sink), mails: sink.acceptances().length, mostMb, seconds };
  } finally {
    await agent.dispose();
    await sink.stop();
  }
}

/**
 * All alerts of a real agent fire and clear, over and over, for one address: the first mail tells of all, and so does the
 * one digest of what came after it.
 */
async function fireAgain(alerts: number) {
  const agent = createAgentHarness('tocsin-i10');
  const sink = await startSmtpSink(agent.dir);
  try {
    const cause = join(agent.dir, 'cause');
    const settings = Array.from({ length: alerts }, (_, index) =>
      fileAlert(`Alert ${index}`, cause, ['it@contoso.example']),
    );
    await agent.must(
      'import',
      agent.writeSettings(testSettings({ servers: [{ port: sink.port }], alerts: settings })),
    );
    const pid = agent.start();
    await agent.ready();
    const idleMb = rssMb(pid);
    let mostMb = idleMb;
    let fired = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      writeFileSync(cause, 'now');
      fired += await countWhen(agent, alerts, () => (mostMb = Math.max(mostMb, rssMb(pid))));
      rmSync(cause);
      await delay(ROUND_MS);
    }
    const started = performance.now();
    while (sink.acceptances().length < 2 && performance.now() - started < DIGEST_TIMEOUT_MS) {
      mostMb = Math.max(mostMb, rssMb(pid));
      await delay(100);
    }
    const counts = alertCounts(sink);
    return { fired, idleMb, mostMb, mails: counts.length, digest: counts[1] ?? 0, isAlive: agent.alive() };
  } finally {
    await agent.dispose();
    await sink.stop();
  }
}

/** Waits until all alerts are firing, as the agent's status has it, and gives how many are. */
async function countWhen(agent: AgentHarness, alerts: number, look: () => void): Promise<number> {
  let firing = 0;
  for (let tries = 0; tries < 20 && firing < alerts; tries += 1) {
    await delay(ROUND_MS / 4);
    look();
    const { alerts: shown } = await agent.status();
    firing = (shown as { phase: string }[]).filter(({ phase }) => phase === 'firing').length;
  }
  return firing;
}

function arrivedApart(sink: SmtpSink): number {
  return new Set(sink.acceptances().flatMap(({ recipients }) => recipients)).size;
}

function arrivedJoined(sink: SmtpSink): number {
  return alertCounts(sink).reduce((sum, count) => sum + count, 0);
}

/** What the subjects count. */
function alertCounts(sink: SmtpSink): number[] {
  return sink.acceptances().map(({ subject }) => alertCount(decodeWords(subject ?? '')));
}

/** Memory of a process in use (VmRSS); 0 where the system does not say so this way. */
function rssMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

show({ id: 'I10', title: 'an alert storm stays bounded and all of it is told', full: 1000, quick: 100, run });
