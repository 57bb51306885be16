import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { startMonit, writeMonitControl } from './monit.ts';
import type { RunningWatchers } from './report.ts';
import { startCountingSink } from './counting-sink.ts';
import { historySeries } from './history-series.ts';
import { itemCount, makeWatchList, REPORT_NAME, tocsinSettings } from './watch-list.ts';

/** Seconds between two checks, for all of them. */
export const INTERVAL_SECONDS = 5;

/** Starts the agent, both Monits and an idle Node side by side on one watch list. */
export async function startWatchers(): Promise<RunningWatchers & { readonly dispose: () => Promise<void> }> {
  const agent = createAgentHarness('tocsin-bench');
  const list = await makeWatchList(agent.dir);
  const sink = await startCountingSink();
  await agent.must('import', agent.writeSettings(tocsinSettings(list, INTERVAL_SECONDS, sink.port)));
  const control = (name: 'name' | 'pid file') =>
    writeMonitControl(join(agent.dir, `monit-${name.replace(' ', '-')}`), list, INTERVAL_SECONDS, name);
  const byName = startMonit(control('name'));
  const byPidFile = startMonit(control('pid file'));
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  const others = [byName, byPidFile, idle];
  const agentPid = agent.start();
  const dispose = async () => {
    await agent.dispose();
    for (const child of others) child.kill('SIGTERM');
    list.dispose();
    await sink.stop();
  };
  try {
    await agent.ready();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    agentPid,
    monitByNamePid: byName.pid ?? 0,
    monitByPidFilePid: byPidFile.pid ?? 0,
    idleNodePid: idle.pid ?? 0,
    items: itemCount(list),
    sendReport: async () => {
      await agent.must('report', REPORT_NAME);
    },
    historySeries: () => historySeries(agent.dataDir),
    dispose,
  };
}
