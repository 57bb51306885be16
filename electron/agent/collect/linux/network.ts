import { join } from 'node:path';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { CounterRates } from '../counter-rates.ts';
import { attempt } from '../failure.ts';
import type { MetricSource } from '../source.ts';
import { ProcFile, readSmall } from './proc-file.ts';

/** Bytes since the interface was made. */
export interface InterfaceCounters {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/**
 * network.state from /sys/class/net (kernel: ABI/testing/sysfs-class-net), network.receivedBytesPerSecond and
 * network.sentBytesPerSecond from /proc/net/dev. A name that was never seen is unknown, as a slip of the pen would be; an
 * interface that was there and is gone is down, as a VPN or an unplugged adapter is.
 */
export function createNetworkSource(procDir = '/proc', sysDir = '/sys'): MetricSource {
  // "net" is a link to self/net; the open file stays with the network namespace it was opened in.
  const dev = new ProcFile(join(procDir, 'net/dev'));
  const rates = new CounterRates();
  const seen = new Set<string>();
  return {
    metrics: ['network.state', 'network.receivedBytesPerSecond', 'network.sentBytesPerSecond'],
    measure(requests, time) {
      const interfaces = parseNetDev(dev.text());
      return requests.map(({ metric, target }) => {
        const name = target ?? '';
        const counters = interfaces.get(name);
        if (counters === undefined) return absentReading(metric === 'network.state' && seen.has(name), name);
        seen.add(name);
        if (metric === 'network.state') return attempt(() => ({ value: interfaceState(name, sysDir) }));
        const count = metric === 'network.sentBytesPerSecond' ? counters.sentBytes : counters.receivedBytes;
        return rates.read(`${metric} ${name}`, count, time.monotonic);
      });
    },
    close: () => dev.close(),
  };
}

function absentReading(gone: boolean, name: string): Reading {
  return gone
    ? { value: 'down', detail: `the network interface ${name} is gone` }
    : unknown(`no network interface is named ${name}`);
}

/** By name. Lines that make no sense, the two of the heading among them, are left out. */
export function parseNetDev(text: string): Map<string, InterfaceCounters> {
  const interfaces = new Map<string, InterfaceCounters>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const words = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    const receivedBytes = Number(words[0]);
    const sentBytes = Number(words[8]);
    if (colon === -1 || !Number.isFinite(receivedBytes) || !Number.isFinite(sentBytes)) continue;
    interfaces.set(line.slice(0, colon).trim(), { receivedBytes, sentBytes });
  }
  return interfaces;
}

/**
 * Up where data can pass. Drivers that do not report an operating state ("unknown": loopback, tunnels, some
 * virtual cards) are judged by their carrier, which cannot be read while an interface is switched off.
 */
export function interfaceState(name: string, sysDir = '/sys'): 'up' | 'down' {
  const folder = join(sysDir, 'class/net', name);
  const state = readSmall(join(folder, 'operstate')).toString('latin1').trim();
  if (state !== 'unknown') return state === 'up' ? 'up' : 'down';
  try {
    return readSmall(join(folder, 'carrier')).toString('latin1').trim() === '1' ? 'up' : 'down';
  } catch {
    return 'down';
  }
}
