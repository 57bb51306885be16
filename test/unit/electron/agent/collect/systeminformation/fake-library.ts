import { createLibraryPlatform } from '../../../../../../electron/agent/collect/systeminformation/library-platform.ts';
import type { SystemInformation } from '../../../../../../electron/agent/collect/systeminformation/library.ts';
import { createCollector } from '../../../../../../electron/agent/collect/collector.ts';
import type { MetricName } from '../../../../../../shared/model/metrics.ts';
import type { Reading } from '../../../../../../shared/model/sample.ts';
import { FakeClock } from '../../../../../fakes/fake-clock.ts';
import { request } from '../measuring.ts';

/** What the library would say on some computer; a question that a test does not answer fails. */
export type Answers = { [K in keyof SystemInformation]?: () => unknown };

/** A computer whose library gives these answers, on a clock that stands. */
export function setUp(system: NodeJS.Platform, answers: Answers) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const library = new Proxy({} as SystemInformation, {
    get: (_target, name) => {
      // A promise that resolves to this object looks for a `then` on it.
      if (name === 'then') return undefined;
      return () => {
        calls.push(String(name));
        const answer = answers[name as keyof SystemInformation];
        if (answer === undefined && String(name).startsWith('powerShell')) return undefined;
        if (answer === undefined) throw new Error(`${String(name)} was not expected`);
        return answer();
      };
    },
  });
  const platform = createLibraryPlatform({ clock, system, load: () => Promise.resolve(library) });
  const collector = createCollector({ platform, clock, system });
  const measureAll = async (...wanted: [MetricName, (string | null)?][]): Promise<Reading[]> => {
    const { ready, pending } = collector.measure(
      wanted.map(([metric, target]) => request(metric, target ?? null)),
    );
    return [...ready, ...(await Promise.all(pending))].map(({ reading }) => reading);
  };
  return { clock, calls, collector, platform, measureAll };
}

/** A row of fsSize(). */
export const disk = (mount: string, used: number, available: number, fs = mount) => {
  return { fs, type: 'ntfs', size: used + available, used, available, use: 0, mount, rw: true };
};
/** A row of processes(). */
export const task = (name: string, more: object = {}) => {
  return { pid: 1, name, command: name, state: 'running', cpu: 0, memRss: 100, ...more };
};
/** A row of networkStats(). */
export const nic = (iface: string, operstate: string, received: number, sent: number) => {
  return { iface, operstate, rx_bytes: received, tx_bytes: sent };
};
