import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { type SmtpSink, startSmtpSink } from '../integration/support/smtp-sink.ts';
import { startMonit, writeMonitControl } from './monit.ts';
import { type BenchPart, median, spread } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';
import { makeWatchList, tocsinSettings } from './watch-list.ts';

const CAUSES = 24;
/** Two checks of both, so that all of it was seen while it was still there. */
const WARM_UP_MS = 2.5 * INTERVAL_SECONDS * 1000;
const TIMEOUT_MS = 6 * INTERVAL_SECONDS * 1000;
/** Spreads the causes evenly over the cycle, however few there are: the golden ratio. */
const PHASE_STEP = 0.618_034;

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
      const sinks = [toTocsin, toMonit];
      const files = await measure(
        list.files.map((path) => () => rmSync(path)),
        sinks,
      );
      const processes = await measure(
        list.processes.map(
          ({ pid }) =>
            () =>
              process.kill(pid, 'SIGKILL'),
        ),
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
          `${CAUSES} of each, one after another, spread evenly over the cycle of ${INTERVAL_SECONDS} s that both have; nothing has to hold for a time. Half a cycle is ${INTERVAL_SECONDS * 500} ms.`,
          'From the call that removes it until a server on this computer has the whole mail; a server for each of the two, a recipient for each alert.',
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
  return [what, spread(tocsin, 1), spread(monit, 1), (median(tocsin) / median(monit)).toPrecision(2)];
}

function met(reached: boolean): string {
  return reached ? 'reached' : 'not reached';
}

function startSink(parentDir: string, name: string): Promise<SmtpSink> {
  const dir = join(parentDir, `sink-${name}`);
  mkdirSync(dir);
  return startSmtpSink(dir);
}

/** Has each of these happen, and waits for both mails before the next one. */
async function measure(causes: readonly (() => void)[], sinks: readonly SmtpSink[]): Promise<Latencies> {
  const [tocsin, monit]: [number[], number[]] = [[], []];
  const cycleMs = INTERVAL_SECONDS * 1000;
  const start = performance.now();
  for (const [index, cause] of causes.entries()) {
    const phaseMs = ((index * PHASE_STEP) % 1) * cycleMs;
    const nowMs = performance.now() - start;
    await delay((phaseMs - (nowMs % cycleMs) + cycleMs) % cycleMs);
    const before = sinks.map((sink) => sink.acceptances().length);
    const from = performance.now();
    const arrivals = Promise.all(sinks.map((sink) => arrival(sink)));
    cause();
    const [byTocsin = 0, byMonit = 0] = await arrivals;
    tocsin.push(byTocsin - from);
    monit.push(byMonit - from);
    const extra = sinks.filter((sink, at) => sink.acceptances().length !== (before[at] ?? 0) + 1);
    if (extra.length > 0) throw new Error('a cause led to more than one mail, so the times are of no use');
  }
  return { tocsin, monit };
}

/** When the sink has its next message, by this process's clock. */
function arrival(sink: SmtpSink): Promise<number> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      forget();
      reject(new Error(`no mail came within ${TIMEOUT_MS} ms of a cause`));
    }, TIMEOUT_MS);
    const forget = sink.onNext('accepted', () => {
      clearTimeout(limit);
      resolve(performance.now());
    });
  });
}
