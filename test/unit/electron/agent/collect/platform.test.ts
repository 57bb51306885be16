import { describe, expect, test } from 'vitest';
import { createCollector } from '../../../../../electron/agent/collect/collector.ts';
import { createPlatform } from '../../../../../electron/agent/collect/platform.ts';
import type { Platform } from '../../../../../electron/agent/collect/source.ts';
import { createLibraryPlatform } from '../../../../../electron/agent/collect/systeminformation/library-platform.ts';
import { METRIC_NAMES, type MetricName } from '../../../../../shared/model/metrics.ts';
import type { Reading } from '../../../../../shared/model/sample.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { request } from './measuring.ts';

const WANTED: [MetricName, string | null][] = [
  ['cpu.loadPerCore', null],
  ['memory.usedPercent', null],
  ['memory.availableBytes', null],
  ['disk.usedPercent', '/'],
  ['disk.freeBytes', '/'],
  ['network.receivedBytesPerSecond', 'lo'],
  ['process.state', 'no such process'],
  ['process.count', 'no such process'],
  ['system.uptimeSeconds', null],
  ['file.state', '/'],
];

async function measureAll(platform: Platform): Promise<Map<string, Reading>> {
  const collector = createCollector({ platform, clock: systemClock });
  const { ready, pending } = collector.measure(WANTED.map(([metric, target]) => request(metric, target)));
  const samples = [...ready, ...(await Promise.all(pending))];
  collector.close();
  return new Map(samples.map((sample) => [sample.request.metric, sample.reading]));
}

describe.runIf(process.platform === 'linux')('on this computer', () => {
  test('the library and our own sources agree', async () => {
    const own = await measureAll(createPlatform({ clock: systemClock, system: 'linux' }));
    const library = await measureAll(createLibraryPlatform({ clock: systemClock, system: 'linux' }));
    const both = (metric: MetricName) =>
      [own, library].map((readings) => Number(readings.get(metric)?.value)) as [number, number];
    const [ownMemory, libraryMemory] = both('memory.usedPercent');
    expect(Math.abs(ownMemory - libraryMemory)).toBeLessThan(10);
    const [ownDisk, libraryDisk] = both('disk.usedPercent');
    expect(Math.abs(ownDisk - libraryDisk)).toBeLessThan(2);
    const [ownFree, libraryFree] = both('disk.freeBytes');
    expect(libraryFree / ownFree).toBeCloseTo(1, 1);
    const [ownUptime, libraryUptime] = both('system.uptimeSeconds');
    expect(Math.abs(ownUptime - libraryUptime)).toBeLessThan(10);
    for (const metric of ['process.state', 'process.count', 'file.state'] as const) {
      expect(library.get(metric)).toEqual(own.get(metric));
    }
  });

  test('the inventory names the computer, its root and no loopback', async () => {
    const inventory = await createPlatform({ clock: systemClock, system: 'linux' }).inventory();
    expect(inventory.hostName).not.toBe('');
    expect(inventory.kernel).toMatch(/^Linux \d/);
    expect(inventory.cpuCores).toBeGreaterThan(0);
    expect(inventory.memoryTotalBytes).toBeGreaterThan(0);
    const root = inventory.disks.find(({ mount }) => mount === '/');
    expect(root?.sizeBytes).toBeGreaterThan(0);
    expect(new Set(inventory.disks.map(({ mount }) => mount)).size).toBe(inventory.disks.length);
    expect(inventory.interfaces.map(({ name }) => name)).not.toContain('lo');
  });
});

/** It is the agent's own: its outbox belongs to no platform. */
const OF_THE_AGENT: readonly MetricName[] = ['mail.outboxAgeSeconds'];

test.each(['linux', 'darwin', 'win32'] as const)('on %s each metric has exactly one source', (system) => {
  const metrics = createPlatform({ clock: systemClock, system }).sources.flatMap(({ metrics }) => metrics);
  expect(metrics.toSorted()).toEqual(METRIC_NAMES.filter((name) => !OF_THE_AGENT.includes(name)).toSorted());
});
