import type { Clock } from '../../../shared/model/clock.ts';
import { type MetricRequest, requestKey, type Sample } from '../../../shared/model/sample.ts';
import type { Collector } from '../collect/collector.ts';
import type { InterfaceEntry, Inventory } from '../collect/source.ts';
import type { History } from '../record/history.ts';

export interface ChartReadingsOptions {
  readonly collector: Collector;
  readonly inventory: () => Promise<Inventory>;
  readonly history: Pick<History, 'record'>;
  readonly clock: Clock;
  /** How often what nobody watches is measured: more often than history keeps it is wasted. */
  readonly intervalMs: number;
  /** Told why history could not be written or the inventory not be taken; both are tried again by themselves. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Hands what was measured on to history, and measures what charts show of every computer (CPU, memory, disks, network)
 * where no alert watches it. That happens after the check has decided, so that it keeps no alert waiting.
 */
export interface ChartReadings {
  /** To be called after each check with what it has measured. Never throws. */
  afterCheck(samples: readonly Sample[]): void;
}

/** Disks that are mounted and interfaces that come are noticed within this time. On Linux an inventory takes 2 ms. */
const INVENTORY_MS = 15 * 60_000;

export function createChartReadings(options: ChartReadingsOptions): ChartReadings {
  const { clock, collector } = options;
  let requests: readonly MetricRequest[] = [];
  let inventoryDueMs = Number.NEGATIVE_INFINITY;
  let measuringDueMs = Number.NEGATIVE_INFINITY;

  const record = (samples: readonly Sample[]) => {
    try {
      options.history.record(samples);
    } catch (error) {
      options.onFault(error);
    }
  };

  const takeInventory = async () => {
    try {
      requests = chartRequests(await options.inventory());
    } catch (error) {
      options.onFault(error);
    }
  };

  const measureRest = (measured: readonly Sample[]): Sample[] => {
    const known = new Set(measured.map((sample) => requestKey(sample.request)));
    const rest = requests.filter((request) => !known.has(requestKey(request)));
    if (rest.length === 0) return [];
    const { ready, pending } = collector.measure(rest);
    for (const sample of pending) void sample.then((late) => record([late]));
    return ready;
  };

  return {
    afterCheck(samples) {
      const nowMs = clock.monotonic();
      if (nowMs >= inventoryDueMs) {
        inventoryDueMs = nowMs + INVENTORY_MS;
        void takeInventory();
      }
      // Checks come some milliseconds early or late; half a second keeps every second check of 5 s from becoming every third.
      const due = nowMs >= measuringDueMs - 500;
      if (due) measuringDueMs = nowMs + options.intervalMs;
      record(due ? [...samples, ...measureRest(samples)] : samples);
    },
  };
}

/** So many of each are measured although nobody watches them; servers full of containers have hundreds. */
const DISKS_MAX = 8;
const INTERFACES_MAX = 8;

function chartRequests({ disks, interfaces }: Inventory): MetricRequest[] {
  return [
    { metric: 'cpu.usedPercent', target: null },
    { metric: 'memory.usedPercent', target: null },
    ...disks.slice(0, DISKS_MAX).map(({ mount }) => ({ metric: 'disk.usedPercent', target: mount }) as const),
    ...chartedInterfaces(interfaces)
      .slice(0, INTERFACES_MAX)
      .flatMap(({ name }) => [
        { metric: 'network.receivedBytesPerSecond', target: name } as const,
        { metric: 'network.sentBytesPerSecond', target: name } as const,
      ]),
  ];
}

/** Link-local addresses, which also the inner ends of container and virtual machine networks have (RFC 4291 2.5.6). */
const LINK_LOCAL = /^fe[89ab]/i;

/** The interfaces that reach anything: with an address that is not of the link alone. They come and go least. */
export function chartedInterfaces(interfaces: readonly InterfaceEntry[]): InterfaceEntry[] {
  return interfaces.filter((entry) => entry.addresses.some((address) => !LINK_LOCAL.test(address)));
}
