import { join } from 'node:path';
import { unknown } from '../../../../shared/model/sample.ts';
import type { MetricSource } from '../source.ts';
import { ProcFile } from './proc-file.ts';

/** system.uptimeSeconds: since the start of the computer, time asleep included (/proc/uptime, proc_uptime(5)). */
export function createUptimeSource(procDir = '/proc'): MetricSource {
  const uptime = new ProcFile(join(procDir, 'uptime'));
  return {
    metrics: ['system.uptimeSeconds'],
    measure(requests) {
      const seconds = Number.parseFloat(uptime.text());
      const valid = Number.isFinite(seconds) && seconds >= 0;
      return requests.map(() => (valid ? { value: seconds } : unknown('/proc/uptime cannot be understood')));
    },
    close: () => uptime.close(),
  };
}
