import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../integration/support/scratch.ts';
import { memoryUse } from './process-cost.ts';
import type { BenchPart } from './report.ts';

/** After a mail, the agent lets go of what it wrote it with. */
const SETTLE_MS = 10_000;
const HISTORY_MS = 90_000;

/** What the agent occupies, beside a Node that does nothing. */
export const memoryPart: BenchPart = {
  name: 'memory',
  title: 'Memory',
  run: async (scene) => {
    const watchers = await scene.watchers();
    // The first minute of history is written when it is over.
    await waitFor('history to be kept', () => (watchers.historySeries() > 0 ? true : null), HISTORY_MS, 1000);
    const agent = memoryUse(watchers.agentPid);
    const idle = memoryUse(watchers.idleNodePid);
    const monit = memoryUse(watchers.monitByNamePid);
    await watchers.sendReport();
    await delay(SETTLE_MS);
    const reported = memoryUse(watchers.agentPid);
    const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
    const row = (name: string, use: typeof agent) => [
      name,
      megabytes(use.rssBytes),
      megabytes(use.pssBytes),
      megabytes(use.privateBytes),
    ];
    const ratio = (of: (use: typeof agent) => number) => (of(agent) / of(idle)).toFixed(2);
    return {
      title: memoryPart.title,
      header: ['program', 'RSS, MiB', 'PSS, MiB', 'private, MiB'],
      rows: [
        row('Tocsin', agent),
        row('Tocsin, after a report with charts', reported),
        row('idle Node', idle),
        row('Monit', monit),
        [
          'Tocsin / idle Node',
          ratio((use) => use.rssBytes),
          ratio((use) => use.pssBytes),
          ratio((use) => use.privateBytes),
        ],
      ],
      notes: [
        `History was kept meanwhile, of ${watchers.historySeries()} measured numbers. The first line is before any mail was written; the second ${SETTLE_MS / 1000} s after a status report with charts was sent.`,
        'From /proc/PID/smaps_rollup, all running at the same time; they share the pages of Node’s binary with the bench itself.',
      ],
    };
  },
};
