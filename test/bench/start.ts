import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { type MonitMatching, startMonit, writeMonitControl } from './monit.ts';
import { type BenchPart, median, spread } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';
import { makeWatchList, tocsinSettings } from './watch-list.ts';

const ROUNDS = 7;
/** Nothing is mailed here, and nobody listens there. */
const DISCARD_PORT = 9;
const TIMEOUT_MS = 30_000;

/** From starting the program to the moment at which it has looked at everything once. */
export const startPart: BenchPart = {
  name: 'start',
  title: 'Start to first check',
  run: async () => {
    const agent = createAgentHarness('tocsin-bench');
    const list = await makeWatchList(agent.dir);
    const timed = async (start: () => unknown): Promise<number> => {
      const seen = list.allPortsSeen();
      const from = performance.now();
      start();
      const late = new AbortController();
      const limit = delay(TIMEOUT_MS, undefined, { signal: late.signal }).then(
        () => Promise.reject(new Error('not all watched ports were looked at within 30 s of the start')),
        () => undefined,
      );
      await Promise.race([seen, limit]);
      late.abort();
      return performance.now() - from;
    };
    const monitOnce = async (matching: MonitMatching): Promise<number> => {
      const dir = join(agent.dir, 'monit');
      rmSync(dir, { recursive: true, force: true });
      const control = writeMonitControl(dir, list, INTERVAL_SECONDS, matching);
      let child: ChildProcess | null = null;
      try {
        return await timed(() => (child = startMonit(control)));
      } finally {
        if (child !== null) await ended(child);
      }
    };
    const times: Record<'agent' | MonitMatching, number[]> = { agent: [], name: [], 'pid file': [] };
    try {
      await agent.must('import', agent.writeSettings(tocsinSettings(list, INTERVAL_SECONDS, DISCARD_PORT)));
      for (let round = 0; round < ROUNDS; round += 1) {
        times.agent.push(await timed(() => agent.start()));
        await agent.stop();
        times.name.push(await monitOnce('name'));
        times['pid file'].push(await monitOnce('pid file'));
      }
    } finally {
      await agent.dispose();
      list.dispose();
    }
    const ratio = (other: readonly number[]) => (median(times.agent) / median(other)).toFixed(2);
    return {
      title: startPart.title,
      header: ['program', 'ms, median (range)', 'Tocsin / this'],
      rows: [
        ['Tocsin', spread(times.agent, 0), '1'],
        ['Monit, processes by name', spread(times.name, 0), ratio(times.name)],
        ['Monit, processes by pid file', spread(times['pid file'], 0), ratio(times['pid file'])],
      ],
      notes: [
        'From the start of the process until each of the 5 watched ports has had its first connection, as the listeners see it. Monit goes through its list in order and the ports are the last of it; Tocsin measures them together with the rest.',
        `${ROUNDS} starts each, in turn; Tocsin on a data folder that has its settings already, as at every start of a computer.`,
      ],
    };
  },
};

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  await closed;
}
