import { setTimeout as delay } from 'node:timers/promises';
import { cpuNs } from './process-cost.ts';
import { type BenchPart, median, spread } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';

const WARM_UP_MS = 15_000;
const ROUNDS = 5;
const ROUND_CYCLES = 5;

/** CPU time of one check of the whole list, beside Monit's for the same list in the same minutes. */
export const cpuPart: BenchPart = {
  name: 'cpu',
  title: `CPU per cycle of ${INTERVAL_SECONDS} s`,
  run: async (scene) => {
    const watchers = await scene.watchers();
    const pids = [watchers.agentPid, watchers.monitByNamePid, watchers.monitByPidFilePid];
    const perCycle: number[][] = pids.map(() => []);
    await delay(WARM_UP_MS);
    let before = pids.map(cpuNs);
    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(ROUND_CYCLES * INTERVAL_SECONDS * 1000);
      const after = pids.map(cpuNs);
      after.forEach((value, index) => {
        perCycle[index]?.push((value - (before[index] ?? 0)) / ROUND_CYCLES / 1e6);
      });
      before = after;
    }
    const [agent = [], byName = [], byPidFile = []] = perCycle;
    const ratio = (other: readonly number[]) => (median(agent) / median(other)).toFixed(2);
    return {
      title: cpuPart.title,
      header: ['program', 'ms CPU a cycle, median (range)', 'Tocsin / this'],
      rows: [
        ['Tocsin', spread(agent, 2), '1'],
        ['Monit, processes by name', spread(byName, 2), ratio(byName)],
        ['Monit, processes by pid file', spread(byPidFile, 2), ratio(byPidFile)],
      ],
      notes: [
        `${watchers.items} things watched: cpu, load, memory, swap, 2 disks, 20 processes, 20 files, 5 ports.`,
        `All at the same time; ${ROUNDS} rounds of ${ROUND_CYCLES} cycles after ${WARM_UP_MS / 1000} s, user and system time of all threads and of children that ended.`,
        `History was kept meanwhile, of ${watchers.historySeries()} measured numbers.`,
        'Tocsin watches processes by name, so the second line is the same list; the third is what Monit can do with a pid file for each.',
      ],
    };
  },
};
