import { uptime } from 'node:os';
import type { MetricSource } from '../source.ts';

/** system.uptimeSeconds of systems other than Linux, as Node tells it. */
export function createOsUptimeSource(): MetricSource {
  return {
    metrics: ['system.uptimeSeconds'],
    measure(requests) {
      const value = Math.max(0, uptime());
      return requests.map(() => ({ value }));
    },
  };
}
