import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { fileAlert, testSettings } from '../integration/support/settings-builder.ts';
import { startSmtpSink } from '../integration/support/smtp-sink.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/** The figure of promise I10. */
const MOST_RSS_MB = 300;
const TIMEOUT_MS = 120_000;

/** So many alerts fire in one check. */
async function run(points: number): Promise<Outcome> {
  const faults = new Faults();
  const agent = createAgentHarness('tocsin-i10');
  const sink = await startSmtpSink(agent.dir);
  try {
    const cause = join(agent.dir, 'cause');
    const alerts = Array.from({ length: points }, (_, index) =>
      fileAlert(`Alert ${index}`, cause, [`a${index}@contoso.example`]),
    );
    await agent.must('import', agent.writeSettings(testSettings({ servers: [{ port: sink.port }], alerts })));
    const pid = agent.start();
    await agent.ready();
    writeFileSync(cause, 'now');
    let mostMb = 0;
    const started = performance.now();
    const arrived = () => new Set(sink.acceptances().flatMap(({ recipients }) => recipients)).size;
    while (arrived() < points && performance.now() - started < TIMEOUT_MS) {
      mostMb = Math.max(mostMb, rssMb(pid));
      await delay(100);
    }
    const seconds = (performance.now() - started) / 1000;
    const lost = points - arrived();
    const doubled = sink.acceptances().length - arrived();
    const point = `${points} alerts at once`;
    faults.expect(lost === 0, point, `${lost} did not arrive within ${TIMEOUT_MS / 1000} s`);
    faults.expect(doubled === 0, point, `${doubled} came twice`);
    // A figure of the system, not of time: it does not hang on how busy the machine is.
    faults.expect(mostMb < MOST_RSS_MB, point, `the agent took ${mostMb} MB`);
    const note = `at most ${mostMb.toFixed(0)} MB, all mailed after ${seconds.toFixed(1)} s`;
    return { points, lost, doubled, faults: faults.list, note };
  } finally {
    await agent.dispose();
    await sink.stop();
  }
}

/** Memory of a process in use (VmRSS); 0 where the system does not say so this way. */
function rssMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

show({ id: 'I10', title: 'an alert storm stays bounded and all of it arrives', full: 1000, quick: 200, run });
