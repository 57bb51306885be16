import type { Systeminformation } from 'systeminformation';
import type { Clock } from '../../../../shared/model/clock.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { CounterRates } from '../counter-rates.ts';
import type { MetricSource } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/** network.state, network.receivedBytesPerSecond and network.sentBytesPerSecond by the counters of the library's networkStats(). */
export function createLibraryNetworkSource(
  library: Library,
  clock: Clock,
  system: NodeJS.Platform,
): MetricSource {
  const rates = new CounterRates();
  const seen = new Set<string>();
  const sameName = (name: string) => (system === 'win32' ? name.toLowerCase() : name);
  return createLibrarySource({
    library,
    clock,
    metrics: ['network.state', 'network.receivedBytesPerSecond', 'network.sentBytesPerSecond'],
    ask: (si) => si.networkStats('*'),
    read: (interfaces, { metric, target }, time): Reading => {
      if (interfaces.length === 0) return unknown('the list of network interfaces came back empty');
      const name = sameName(target ?? '');
      const found = interfaces.find(({ iface }) => sameName(iface) === name);
      if (found === undefined) {
        // As on Linux: what was there and is gone is down, what never was is a slip of the pen.
        return metric === 'network.state' && seen.has(name)
          ? { value: 'down', detail: `the network interface ${target} is gone` }
          : unknown(`no network interface is named ${target}`);
      }
      seen.add(name);
      if (metric === 'network.state') return stateReading(found);
      const count = metric === 'network.sentBytesPerSecond' ? found.tx_bytes : found.rx_bytes;
      return rates.read(`${metric} ${name}`, count, time.monotonic);
    },
  });
}

function stateReading({ operstate }: Systeminformation.NetworkStatsData): Reading {
  if (operstate === 'unknown' || operstate === '') return unknown('the system does not tell its state');
  return { value: operstate === 'up' ? 'up' : 'down' };
}
