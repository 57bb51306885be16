import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../electron/agent/record/open-database.ts';
import { createHistory } from '../../../electron/agent/record/history.ts';
import type { MetricRequest } from '../../../shared/model/sample.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import type { AgentHarness } from '../../integration/support/agent-process.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DISK: MetricRequest = { metric: 'disk.usedPercent', target: '/' };
const MEMORY: MetricRequest = { metric: 'memory.usedPercent', target: null };
const CPU: MetricRequest = { metric: 'cpu.usedPercent', target: null };

/** Settings as a technician leaves them at a small client's. What is watched is measured on this very computer. */
export function frontDeskSettings(dir: string, mailPort: number) {
  const backup = join(dir, 'last-backup');
  writeFileSync(backup, 'done\n');
  const recipients = ['it@contoso.example'];
  return {
    version: 1,
    installation: { name: 'front-desk', organisation: 'Contoso Dental', intervalSeconds: 1 },
    smtp: {
      servers: [{ host: '127.0.0.1', port: mailPort }],
      from: { name: 'Tocsin at Contoso', address: 'tocsin@contoso.example' },
    },
    alerts: [
      {
        name: 'Disk nearly full',
        severity: 'critical',
        conditions: [{ metric: 'disk.usedPercent', target: '/', above: 99, forSeconds: 300 }],
        recipients,
      },
      {
        name: 'Memory nearly full',
        conditions: [{ metric: 'memory.usedPercent', above: 98, forSeconds: 300 }],
        recipients,
      },
      {
        name: 'Processor busy for long',
        conditions: [{ metric: 'cpu.usedPercent', above: 99.5, forSeconds: 3600 }],
        recipients,
      },
      {
        name: 'Backup has not run',
        severity: 'critical',
        conditions: [
          { metric: 'file.state', target: backup, is: 'missing' },
          { metric: 'file.ageSeconds', target: backup, above: 93_600 },
        ],
        recipients,
      },
    ],
    reports: [{ name: 'Morning report', cron: '0 8 * * 1-5', recipients }],
    maintenance: [],
  };
}

/** A week of measured numbers, as if the agent had run: the page shows them as bars and charts. */
export function writeHistory(agent: AgentHarness): void {
  const now = Date.now();
  const clock = new FakeClock(now - 7 * DAY_MS);
  const opened = openDatabase(join(agent.dataDir, 'tocsin.db'), clock.now(), false);
  if (!opened.ok) throw new Error(opened.error.message);
  const history = createHistory(opened.value, clock);
  for (let at = clock.now(); at < now - MINUTE_MS; at += 5 * MINUTE_MS) {
    const day = (2 * Math.PI * (at % DAY_MS)) / DAY_MS;
    const wobble = Math.sin(at / 1.7e6) + Math.sin(at / 4.3e5);
    const samples = [
      { request: DISK, value: 54 + (7 * (at - now + 7 * DAY_MS)) / (7 * DAY_MS) + 0.3 * wobble },
      { request: MEMORY, value: 66 - 8 * Math.cos(day) + 2 * wobble },
      { request: CPU, value: Math.max(1, 18 - 14 * Math.cos(day) + 6 * wobble) },
    ];
    history.record(samples.map(({ request, value }) => ({ request, reading: { value }, at })));
    clock.jump(5 * MINUTE_MS);
  }
  history.flush();
  opened.value.close();
}
