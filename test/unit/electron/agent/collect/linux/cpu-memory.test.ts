import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCpuSource } from '../../../../../../electron/agent/collect/linux/cpu.ts';
import { createMemorySource } from '../../../../../../electron/agent/collect/linux/memory.ts';
import { createUptimeSource } from '../../../../../../electron/agent/collect/linux/uptime.ts';
import type { MetricName } from '../../../../../../shared/model/metrics.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { at, readOne, reasonOf, request } from '../measuring.ts';

/** user nice system idle iowait irq softirq steal guest guest_nice, and two CPUs of which nothing is read. */
function stat(times: string): string {
  return `cpu  ${times}\ncpu0 1 1 1 1\ncpu1 1 1 1 1\nintr 12 0 0\nctxt 99\n`;
}

describe('cpu.usedPercent', () => {
  test.each([
    ['idle and iowait are not used', '0 0 0 0 0 0 0 0 0 0', '30 10 10 100 50 0 0 0 0 0', 25],
    ['interrupts and stolen time are used', '0 0 0 0 0 0 0 0 0 0', '0 0 0 50 0 10 15 25 0 0', 50],
    ['guest time is within user time already', '0 0 0 0 0 0 0 0 0 0', '50 0 0 50 0 0 0 0 50 0', 50],
    ['kernels before 2.6.11 told four times only', '0 0 0 0', '10 0 0 30', 25],
  ])('%s', async (_rule, before, after, percent) => {
    const tree = new FixtureTree().write('stat', stat(before));
    const source = createCpuSource(tree.dir);
    expect(reasonOf(await readOne(source, 'cpu.usedPercent', null, at(0)))).toBe(
      'needs a second measurement',
    );
    tree.write('stat', stat(after));
    expect(await readOne(source, 'cpu.usedPercent', null, at(1000))).toEqual({ value: percent });
    source.close?.();
  });

  test('the load is divided by the CPUs that are switched on', async () => {
    const tree = new FixtureTree()
      .write('stat', stat('0 0 0 0'))
      .write('loadavg', '3.00 1.00 0.50 1/94 7529\n');
    expect(await readOne(createCpuSource(tree.dir), 'cpu.loadPerCore')).toEqual({ value: 1.5 });
  });

  test('a file that is missing or makes no sense spoils only its own metric', () => {
    const tree = new FixtureTree().write('stat', stat('0 0 0 0'));
    const source = createCpuSource(tree.dir);
    const [load, used] = source.measure([request('cpu.loadPerCore'), request('cpu.usedPercent')], at(0));
    expect(load).toEqual({ value: null, unknown: `${tree.dir}/loadavg cannot be read: it does not exist` });
    expect(used).toEqual({ value: null, unknown: 'needs a second measurement' });
    tree.write('stat', 'nonsense').write('loadavg', 'nonsense');
    const broken = source.measure([request('cpu.loadPerCore'), request('cpu.usedPercent')], at(1000));
    expect(broken.every((reading) => !(reading instanceof Promise) && reading.value === null)).toBe(true);
  });
});

describe('memory', () => {
  const full =
    'MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 250 kB\nSwapTotal: 200 kB\nSwapFree: 50 kB\n';

  test.each<[string, MetricName, string, unknown]>([
    ['used is what is not available', 'memory.usedPercent', full, { value: 75 }],
    ['a kB of the kernel is 1,024 bytes', 'memory.availableBytes', full, { value: 256_000 }],
    ['swap used', 'swap.usedPercent', full, { value: 75 }],
    [
      'no swap is unknown',
      'swap.usedPercent',
      'SwapTotal: 0 kB\nSwapFree: 0 kB\n',
      { value: null, unknown: 'no swap is set up' },
    ],
    [
      'kernels before 3.14 do not tell what is available',
      'memory.usedPercent',
      'MemTotal: 1000 kB\nMemFree: 10 kB\n',
      { value: null, unknown: 'the system does not say how much memory is available' },
    ],
    [
      'a total of nothing has no percentage',
      'memory.usedPercent',
      'MemTotal: 0 kB\nMemAvailable: 0 kB\n',
      { value: null, unknown: 'the system does not say how much there is' },
    ],
  ])('%s', async (_rule, metric, text, expected) => {
    const source = createMemorySource(new FixtureTree().write('meminfo', text).dir);
    expect(await readOne(source, metric)).toEqual(expected);
  });
});

test.each([
  ['350735.47 234388.90\n', { value: 350735.47 }],
  ['', { value: null, unknown: '/proc/uptime cannot be understood' }],
  ['-5 1\n', { value: null, unknown: '/proc/uptime cannot be understood' }],
])('uptime of %j', async (text, expected) => {
  const source = createUptimeSource(new FixtureTree().write('uptime', text).dir);
  expect(await readOne(source, 'system.uptimeSeconds')).toEqual(expected);
});

describe.runIf(process.platform === 'linux')('this computer', () => {
  test('memory in use agrees with what /proc/meminfo says by itself', async () => {
    const total = Number(/MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
    const source = createMemorySource();
    const available = Number((await readOne(source, 'memory.availableBytes')).value);
    const used = Number((await readOne(source, 'memory.usedPercent')).value);
    expect(available).toBeLessThan(total);
    expect(used).toBeCloseTo(100 - (available / total) * 100, 0);
    source.close?.();
  });

  test('time passes', async () => {
    const source = createUptimeSource();
    expect((await readOne(source, 'system.uptimeSeconds')).value).toBeGreaterThan(0);
    source.close?.();
  });
});
