import { beforeEach, describe, expect, test } from 'vitest';
import type { Inventory } from '../../../../../electron/agent/collect/source.ts';
import { createHistory, type History } from '../../../../../electron/agent/record/history.ts';
import { chartData } from '../../../../../electron/agent/schedule/chart-data.ts';
import {
  type ChartReadings,
  createChartReadings,
} from '../../../../../electron/agent/schedule/chart-readings.ts';
import { type MetricRequest, requestKey, type Sample } from '../../../../../shared/model/sample.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { sampleReport } from '../compose/report-samples.ts';

const INTERFACES: Inventory['interfaces'] = [
  { name: 'eth0', state: 'up', addresses: ['192.0.2.10', 'fe80::1'] },
  { name: 'veth1234', state: 'up', addresses: ['fe80::2'] },
  { name: 'wlan0', state: 'down', addresses: [] },
];

const CPU: MetricRequest = { metric: 'cpu.usedPercent', target: null };

let clock: FakeClock;
let history: History;
let inventory: Inventory;
let readings: ChartReadings;
let measured: string[][];
let pending: Promise<Sample>[];
let faults: unknown[];

beforeEach(() => {
  clock = new FakeClock();
  history = createHistory(memoryStore(), clock);
  inventory = { ...sampleReport().inventory, interfaces: INTERFACES };
  measured = [];
  pending = [];
  faults = [];
  readings = createChartReadings({
    collector: { measure, close: () => {} },
    inventory: async () => inventory,
    history: { record: (samples) => history.record(samples) },
    clock,
    intervalMs: 10_000,
    onFault: (error) => faults.push(error),
  });
});

function measure(requests: readonly MetricRequest[]) {
  measured.push(requests.map(requestKey));
  return { ready: requests.map((request) => sampleOf(request, 50)), pending };
}

function sampleOf(request: MetricRequest, value: number): Sample {
  return { request, reading: { value }, at: clock.now() };
}

async function checks(count: number, samples: readonly Sample[] = []): Promise<void> {
  for (let check = 0; check < count; check++) {
    readings.afterCheck(samples);
    await clock.advance(5000);
  }
}

describe('what charts need is measured', () => {
  test('every 10 s, once it is known what there is', async () => {
    await checks(7);
    expect(measured).toHaveLength(3);
    expect(measured[0]).toEqual([
      'cpu.usedPercent',
      'memory.usedPercent',
      'disk.usedPercent /home',
      'disk.usedPercent /',
      'disk.usedPercent /data',
      'network.receivedBytesPerSecond eth0',
      'network.sentBytesPerSecond eth0',
    ]);
  });

  test('but not what an alert has measured anyway, and that is kept too', async () => {
    await checks(3, [sampleOf(CPU, 30)]);
    expect(measured.flat()).not.toContain('cpu.usedPercent');
    expect(history.read(CPU, clock.now() - 60_000, clock.now(), 1)).toMatchObject([{ avg: 30 }]);
  });

  test('what comes late is kept when it comes', async () => {
    const late: MetricRequest = { metric: 'disk.usedPercent', target: '/mnt/far' };
    pending = [Promise.resolve(sampleOf(late, 70))];
    await checks(4);
    expect(history.series().map(({ request }) => request)).toContainEqual(late);
  });

  test('disks that are mounted later are noticed', async () => {
    await checks(2);
    inventory = { ...inventory, disks: inventory.disks.slice(0, 1) };
    await clock.advance(15 * 60_000);
    await checks(3);
    expect(measured.at(-1)?.filter((key) => key.startsWith('disk.'))).toEqual(['disk.usedPercent /home']);
  });

  test('a fault is told and stops nothing', async () => {
    const { record } = history;
    history.record = () => {
      throw new Error('disk is full');
    };
    await checks(3);
    expect(faults).toHaveLength(3);
    history.record = record;
    await checks(2);
    expect(history.series().length).toBeGreaterThan(5);
  });
});

describe('what a report draws', () => {
  const data = () =>
    chartData({ history, inventory, readings: sampleReport().readings, takenAt: clock.now() });

  test('CPU, memory, the fullest disks first, interfaces that reach anything', async () => {
    await checks(30);
    expect(data().map(({ requests }) => requests.map(requestKey).join(', '))).toEqual([
      'cpu.usedPercent',
      'memory.usedPercent',
      'disk.usedPercent /',
      'disk.usedPercent /home',
      'disk.usedPercent /data',
      'network.receivedBytesPerSecond eth0, network.sentBytesPerSecond eth0',
    ]);
    for (const { since, windows } of data()) {
      expect(since).not.toBeNull();
      expect(windows.map(({ points }) => points[0]?.length)).toEqual([24, 28]);
      for (const { points } of windows) {
        for (const line of points) {
          expect(line.slice(0, -1).every((point) => point === null)).toBe(true);
          expect(line.at(-1)).toMatchObject({ min: 50, avg: 50, max: 50 });
        }
      }
    }
  });

  test('without any history, charts of nothing', () => {
    expect(data()).toHaveLength(6);
    for (const { since, windows } of data()) {
      expect(since).toBeNull();
      expect(windows.flatMap(({ points }) => points.flat()).every((point) => point === null)).toBe(true);
    }
  });
});
