import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { type SmtpSink, startSmtpSink } from '../integration/support/smtp-sink.ts';
import { startMonit, writeMonitControl } from './monit.ts';
import { type BenchPart, median, spread } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';
import { makeWatchList, tocsinSettings } from './watch-list.ts';

const CAUSES = 100;
/** So long apart, a hundred causes fall on each hundredth of the cycle once (21 and 100 have no common divisor). */
const APART_MS = 0.21 * INTERVAL_SECONDS * 1000;
/** Two checks of both, so that all of it was seen while it was still there. */
const WARM_UP_MS = 2.5 * INTERVAL_SECONDS * 1000;
/** The latest mail may come a cycle after the last cause. */
const LATE_MS = 2 * INTERVAL_SECONDS * 1000;

/** From the moment at which something goes wrong to the moment at which a server has the mail about it. */
export const latencyPart: BenchPart = {
  name: 'latency',
  title: 'From cause to mail',
  run: async () => {
    const agent = createAgentHarness('tocsin-bench');
    const list = await makeWatchList(agent.dir, { processes: CAUSES, files: CAUSES, ports: 5 });
    const [toTocsin, toMonit] = await Promise.all([
      startSink(agent.dir, 'tocsin'),
      startSink(agent.dir, 'monit'),
    ]);
    const control = writeMonitControl(
      join(agent.dir, 'monit'),
      list,
      INTERVAL_SECONDS,
      'pid file',
      toMonit.port,
    );
    const monit = startMonit(control);
    try {
      await agent.must('import', agent.writeSettings(tocsinSettings(list, INTERVAL_SECONDS, toTocsin.port)));
      agent.start();
      await agent.ready();
      await delay(WARM_UP_MS);
      const sinks = { tocsin: toTocsin, monit: toMonit };
      const files = await measure(
        list.files.map((path, index) => ({
          happen: () => rmSync(path),
          subject: new RegExp(`\\bfile ?${index + 1}\\b`, 'i'),
        })),
        sinks,
      );
      const processes = await measure(
        list.processes.map(({ name, pid }) => ({
          happen: () => process.kill(pid, 'SIGKILL'),
          subject: new RegExp(`\\b${name}\\b`),
        })),
        sinks,
      );
      return {
        title: latencyPart.title,
        header: [
          'what goes away',
          'Tocsin, ms, median (range)',
          'Monit, ms, median (range)',
          'Tocsin / Monit',
        ],
        rows: [row('a file (the system tells)', files), row('a process (looked for each cycle)', processes)],
        notes: [
          `${CAUSES} of each, ${APART_MS} ms apart, so that each hundredth of the cycle of ${INTERVAL_SECONDS} s that both have gets one; nothing has to hold for a time. Half a cycle is ${INTERVAL_SECONDS * 500} ms.`,
          'From the call that removes it until a server on this computer has the whole mail; a server for each of the two, a recipient for each alert. The first mail since the start takes the longest: Tocsin loads what writes HTML only then.',
          `Goals: below 20 ms for a file: ${met(median(files.tocsin) < 20)}; below half a cycle and 50 ms for a process: ${met(median(processes.tocsin) < INTERVAL_SECONDS * 500 + 50)}.`,
        ],
      };
    } finally {
      monit.kill('SIGTERM');
      await agent.dispose();
      list.dispose();
      await Promise.all([toTocsin.stop(), toMonit.stop()]);
    }
  },
};

interface Latencies {
  readonly tocsin: readonly number[];
  readonly monit: readonly number[];
}

function row(what: string, { tocsin, monit }: Latencies): string[] {
  return [what, spread(tocsin, 0), spread(monit, 0), (median(tocsin) / median(monit)).toPrecision(2)];
}

function met(reached: boolean): string {
  return reached ? 'reached' : 'not reached';
}

function startSink(parentDir: string, name: string): Promise<SmtpSink> {
  const dir = join(parentDir, `sink-${name}`);
  mkdirSync(dir);
  return startSmtpSink(dir);
}

interface Cause {
  readonly happen: () => void;
  /** How the mails about it are known, for some come in each other's company. */
  readonly subject: RegExp;
}

/** Has each of these happen, and looks when the mails about them came. */
async function measure(
  causes: readonly Cause[],
  sinks: Readonly<Record<keyof Latencies, SmtpSink>>,
): Promise<Latencies> {
  const start = performance.now();
  const happenedAt: number[] = [];
  for (const [index, { happen }] of causes.entries()) {
    await delay(Math.max(0, index * APART_MS - (performance.now() - start)));
    // The sinks write down wall-clock time, to the millisecond.
    happenedAt.push(Date.now());
    happen();
  }
  await delay(LATE_MS);
  const latencies = (program: string, sink: SmtpSink) =>
    causes.map(({ subject }, index) => {
      const mails = sink.acceptances().filter((mail) => subject.test(mail.subject ?? ''));
      const [mail] = mails;
      if (mail === undefined || mails.length > 1) {
        const came = `${mails.length} mails of ${program} came`;
        throw new Error(`${came} where there should be one, about ${subject.source}`);
      }
      return mail.at - (happenedAt[index] ?? 0);
    });
  return { tocsin: latencies('Tocsin', sinks.tocsin), monit: latencies('Monit', sinks.monit) };
}
