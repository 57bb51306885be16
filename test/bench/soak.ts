import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { startSmtpSink } from '../integration/support/smtp-sink.ts';
import { historySeries } from './history-series.ts';
import { memoryUse } from './process-cost.ts';
import type { BenchPart } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';
import { itemCount, makeWatchList, REPORT_NAME, tocsinSettings } from './watch-list.ts';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;
/** Every so many minutes a watched file goes away and, half a minute later, comes back: two mails. */
const ALERT_EVERY_MINUTES = 3;
const REPORT_EVERY_MINUTES = 5;
/** Until then memory grows by what is used for the first time. */
const SETTLED_MINUTES = 10;
const SLOPE_MINUTES = 30;

/** How the agent's memory develops while it does all that it is for. */
export const soakPart: BenchPart = {
  name: 'soak',
  title: 'Memory over time',
  run: async ({ memoryMinutes }) => {
    const agent = createAgentHarness('tocsin-bench');
    const list = await makeWatchList(agent.dir);
    const sink = await startSmtpSink(agent.dir);
    try {
      await agent.must('import', agent.writeSettings(tocsinSettings(list, INTERVAL_SECONDS, sink.port)));
      const pid = agent.start();
      await agent.ready();
      const rssMiB = [rss(pid)];
      const started = performance.now();
      for (let minute = 1; minute <= memoryMinutes; minute += 1) {
        await use(minute, list.files, () => agent.must('report', REPORT_NAME));
        await delay(Math.max(0, minute * MINUTE_MS - (performance.now() - started)));
        rssMiB.push(rss(pid));
        console.error(
          `${soakPart.name}: ${minute} of ${memoryMinutes} min, ${rssMiB.at(-1)?.toFixed(1)} MiB`,
        );
      }
      const mails = sink.acceptances().length;
      return {
        title: soakPart.title,
        header: ['when', 'RSS, MiB'],
        rows: [...lines(rssMiB), ['slope', slopeText(rssMiB)]],
        notes: [
          `The headless agent for ${memoryMinutes} min with ${itemCount(list)} things watched every ${INTERVAL_SECONDS} s, looked at once a minute (RSS by /proc/PID/smaps_rollup).`,
          `Meanwhile ${mails} mails were accepted: a file is missing for half a minute every ${ALERT_EVERY_MINUTES} min, a status report with charts is sent every ${REPORT_EVERY_MINUTES} min, the first after one. History was kept of ${historySeries(agent.dataDir)} measured numbers.`,
          'An hour is measured by hand: `npm run bench -- soak --memory-minutes 60`.',
        ],
      };
    } finally {
      await agent.dispose();
      list.dispose();
      await sink.stop();
    }
  },
};

/** What happens in a minute. */
async function use(minute: number, files: readonly string[], report: () => Promise<unknown>): Promise<void> {
  if (minute % REPORT_EVERY_MINUTES === 1) await report();
  if (minute % ALERT_EVERY_MINUTES !== 1) return;
  const path = files[Math.floor(minute / ALERT_EVERY_MINUTES) % files.length] ?? '';
  rmSync(path);
  await delay(MINUTE_MS / 2);
  writeFileSync(path, 'watched\n');
}

function rss(pid: number): number {
  return memoryUse(pid).rssBytes / MIB;
}

function lines(rssMiB: readonly number[]): string[][] {
  const at = (label: string, value: number | undefined) =>
    value === undefined ? [] : [[label, value.toFixed(1)]];
  return [
    ...at('after the first check', rssMiB[0]),
    ...(rssMiB.length > SETTLED_MINUTES ? at(`after ${SETTLED_MINUTES} min`, rssMiB[SETTLED_MINUTES]) : []),
    ...at('most', Math.max(...rssMiB)),
    ...at('at the end', rssMiB.at(-1)),
  ];
}

/** By least squares over the time after the first ten minutes; one report more or less would decide it in a short run. */
function slopeText(rssMiB: readonly number[]): string {
  if (rssMiB.length <= SLOPE_MINUTES) return `only in a run of ${SLOPE_MINUTES} min or more`;
  const late = rssMiB.slice(SETTLED_MINUTES);
  const [meanAt, mean] = [(late.length - 1) / 2, late.reduce((sum, value) => sum + value, 0) / late.length];
  const above = late.reduce((sum, value, at) => sum + (at - meanAt) * (value - mean), 0);
  const below = late.reduce((sum, _value, at) => sum + (at - meanAt) ** 2, 0);
  return `${((above / below) * 60).toFixed(2)} MiB an hour, from minute ${SETTLED_MINUTES} on`;
}
