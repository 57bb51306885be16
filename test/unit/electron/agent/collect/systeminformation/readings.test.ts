import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { MetricName } from '../../../../../../shared/model/metrics.ts';
import type { Reading } from '../../../../../../shared/model/sample.ts';
import { type Answers, disk, nic, setUp, task } from './fake-library.ts';

describe('readings', () => {
  test.each<[string, NodeJS.Platform, Answers, MetricName, string | null, Reading]>([
    [
      'a drive by its letter',
      'win32',
      { fsSize: async () => [disk('C:', 30, 10)] },
      'disk.usedPercent',
      'C:',
      { value: 75 },
    ],
    [
      'a drive as people write it',
      'win32',
      { fsSize: async () => [disk('C:', 30, 10)] },
      'disk.freeBytes',
      'c:\\',
      { value: 10 },
    ],
    [
      'a mount point',
      'darwin',
      { fsSize: async () => [disk('/', 1, 3)] },
      'disk.usedPercent',
      '/',
      { value: 25 },
    ],
    [
      'a drive that is not there',
      'win32',
      { fsSize: async () => [disk('C:', 30, 10)] },
      'disk.usedPercent',
      'D:',
      { value: null, unknown: 'no file system is mounted at D:' },
    ],
    [
      'an empty list is a failure, not a computer without disks',
      'win32',
      { fsSize: async () => [] },
      'disk.usedPercent',
      'C:',
      { value: null, unknown: 'the list of disks came back empty' },
    ],
    [
      'a program with its ending',
      'win32',
      { processes: async () => ({ list: [task('Chrome.exe')] }) },
      'process.count',
      'chrome',
      { value: 1 },
    ],
    [
      'case matters on macOS',
      'darwin',
      { processes: async () => ({ list: [task('Chrome')] }) },
      'process.state',
      'chrome',
      { value: 'stopped' },
    ],
    [
      'zombies do not run',
      'darwin',
      { processes: async () => ({ list: [task('a', { state: 'zombie' })] }) },
      'process.state',
      'a',
      { value: 'stopped' },
    ],
    [
      'memory is summed in bytes',
      'darwin',
      { processes: async () => ({ list: [task('a'), task('a')] }) },
      'process.memoryBytes',
      'a',
      { value: 204_800 },
    ],
    [
      'no processes at all is a failure',
      'win32',
      { processes: async () => ({ list: [] }) },
      'process.state',
      'a',
      { value: null, unknown: 'the list of processes came back empty' },
    ],
    [
      'interfaces that are active are up',
      'darwin',
      { networkStats: async () => [nic('en0', 'up', 0, 0)] },
      'network.state',
      'en0',
      { value: 'up' },
    ],
    [
      'a state nobody tells is unknown',
      'darwin',
      { networkStats: async () => [nic('en0', 'unknown', 0, 0)] },
      'network.state',
      'en0',
      { value: null, unknown: 'the system does not tell its state' },
    ],
    [
      'memory',
      'win32',
      { mem: async () => ({ total: 100, available: 40, swaptotal: 0, swapused: 0 }) },
      'memory.usedPercent',
      null,
      { value: 60 },
    ],
    [
      'no page file',
      'win32',
      { mem: async () => ({ total: 100, available: 40, swaptotal: 0, swapused: 0 }) },
      'swap.usedPercent',
      null,
      { value: null, unknown: 'no swap is set up' },
    ],
    [
      'a program that failed leaves holes',
      'darwin',
      { mem: async () => ({ total: 100, available: Number.NaN, swaptotal: null, swapused: null }) },
      'memory.availableBytes',
      null,
      { value: null, unknown: 'the system does not say how much memory is available' },
    ],
    [
      'Windows has no load',
      'win32',
      {},
      'cpu.loadPerCore',
      null,
      { value: null, unknown: 'Windows has no load average' },
    ],
    [
      'a library that fails gives its reason',
      'darwin',
      { fsSize: () => Promise.reject(new Error('df failed')) },
      'disk.usedPercent',
      '/',
      { value: null, unknown: 'df failed' },
    ],
  ])('%s', async (_rule, system, answers, metric, target, expected) => {
    expect(await setUp(system, answers).measureAll([metric, target])).toEqual([expected]);
  });

  test('one call of the library serves all requests of a cycle', async () => {
    const { measureAll, calls } = setUp('darwin', {
      processes: async () => ({ list: [task('a'), task('b')] }),
    });
    await measureAll(['process.state', 'a'], ['process.count', 'b'], ['process.memoryBytes', 'a']);
    expect(calls).toEqual(['processes']);
  });

  test.each([
    ['win32', 10 * availableParallelism()],
    ['darwin', 10],
  ] as const)('the CPU share on %s is of one CPU, from the second measuring on', async (system, expected) => {
    const { measureAll } = setUp(system, { processes: async () => ({ list: [task('a', { cpu: 10 })] }) });
    expect(await measureAll(['process.cpuPercent', 'a'])).toEqual([
      { value: null, unknown: 'needs a second measurement' },
    ]);
    expect(await measureAll(['process.cpuPercent', 'a'])).toEqual([{ value: expected }]);
  });

  test('network rates come from counters, and an interface that went is down', async () => {
    let interfaces = [nic('Ethernet', 'up', 0, 0), nic('VPN', 'up', 0, 0)];
    const { measureAll, clock } = setUp('win32', { networkStats: async () => interfaces });
    await measureAll(['network.receivedBytesPerSecond', 'ethernet'], ['network.state', 'VPN']);
    interfaces = [nic('Ethernet', 'up', 5000, 0)];
    await clock.advance(10_000);
    const [received, state] = await measureAll(
      ['network.receivedBytesPerSecond', 'ethernet'],
      ['network.state', 'VPN'],
    );
    expect(received).toEqual({ value: 500 });
    expect(state).toEqual({ value: 'down', detail: 'the network interface VPN is gone' });
  });
});
