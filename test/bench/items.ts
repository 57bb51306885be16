import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { startCountingSink } from './counting-sink.ts';
import { startMonit, writeMonitControl } from './monit.ts';
import { cpuNs } from './process-cost.ts';
import { type BenchPart, median, spread } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';
import { itemCount, makeWatchList, tocsinSettings, type WatchCounts } from './watch-list.ts';

const WARM_UP_MS = 15_000;
const ROUNDS = 4;
const ROUND_CYCLES = 3;

/** With the four of the system and two disks: 10, 100 and 1,000 things, of which a fifth are ports and a fifth processes. */
const SIZES: readonly WatchCounts[] = [
  { processes: 1, files: 2, ports: 1 },
  { processes: 20, files: 54, ports: 20 },
  { processes: 200, files: 594, ports: 200 },
];

/** What one more watched thing costs. */
export const itemsPart: BenchPart = {
  name: 'items',
  title: 'CPU per watched item',
  run: async () => {
    const sizes: Cost[] = [];
    for (const counts of SIZES) sizes.push(await cost(counts));
    const ms = (values: readonly number[], digits: number) => spread(values, digits);
    const rows = sizes.map(({ items, tocsin, monit }) => [
      String(items),
      ms(tocsin, 2),
      ms(monit, 2),
      (median(tocsin) / median(monit)).toFixed(2),
    ]);
    const [first, last] = [sizes[0], sizes.at(-1)];
    const more = (of: (cost: Cost) => readonly number[]) =>
      first === undefined || last === undefined
        ? Number.NaN
        : ((median(of(last)) - median(of(first))) / (last.items - first.items)) * 1000;
    return {
      title: itemsPart.title,
      header: ['things watched', 'Tocsin, ms CPU a cycle', 'Monit, ms CPU a cycle', 'Tocsin / Monit'],
      rows,
      notes: [
        `Each further item costs Tocsin ${more(({ tocsin }) => tocsin).toFixed(1)} µs of CPU a cycle and Monit ${more(({ monit }) => monit).toFixed(1)} µs, from the first line to the last.`,
        'The system (4), two disks, and of the rest about three fifths files, one fifth processes, one fifth ports of this computer. Monit finds processes by name, as Tocsin does.',
        `A cycle of ${INTERVAL_SECONDS} s; both at the same time; ${ROUNDS} rounds of ${ROUND_CYCLES} cycles after ${WARM_UP_MS / 1000} s. History is kept, of at most 500 measured numbers.`,
      ],
    };
  },
};

interface Cost {
  readonly items: number;
  readonly tocsin: readonly number[];
  readonly monit: readonly number[];
}

async function cost(counts: WatchCounts): Promise<Cost> {
  const agent = createAgentHarness('tocsin-bench');
  const list = await makeWatchList(agent.dir, counts);
  const sink = await startCountingSink();
  const monit = startMonit(writeMonitControl(join(agent.dir, 'monit'), list, INTERVAL_SECONDS, 'name'));
  try {
    await agent.must('import', agent.writeSettings(tocsinSettings(list, INTERVAL_SECONDS, sink.port)));
    const pids = [agent.start(), monit.pid ?? 0];
    await agent.ready();
    await delay(WARM_UP_MS);
    const perCycle: [number[], number[]] = [[], []];
    let before = pids.map(cpuNs);
    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(ROUND_CYCLES * INTERVAL_SECONDS * 1000);
      const after = pids.map(cpuNs);
      perCycle.forEach((values, index) =>
        values.push(((after[index] ?? 0) - (before[index] ?? 0)) / ROUND_CYCLES / 1e6),
      );
      before = after;
    }
    return { items: itemCount(list), tocsin: perCycle[0], monit: perCycle[1] };
  } finally {
    monit.kill('SIGTERM');
    await agent.dispose();
    list.dispose();
    await sink.stop();
  }
}
