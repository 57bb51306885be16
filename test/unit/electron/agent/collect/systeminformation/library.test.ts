import { describe, expect, test } from 'vitest';
import { disk, setUp } from './fake-library.ts';

describe('the shell of Windows', () => {
  test('is started once, before the first question, and released at the end', async () => {
    const { measureAll, calls, collector } = setUp('win32', { fsSize: async () => [disk('C:', 1, 1)] });
    await measureAll(['disk.usedPercent', 'C:']);
    await measureAll(['disk.usedPercent', 'C:']);
    collector.close();
    await Promise.resolve();
    expect(calls).toEqual(['powerShellStart', 'fsSize', 'fsSize', 'powerShellRelease']);
  });

  test('is replaced when it hangs', async () => {
    const { measureAll, calls, clock } = setUp('win32', { fsSize: () => new Promise(() => undefined) });
    const reading = measureAll(['disk.usedPercent', 'C:']);
    await clock.advance(20_000);
    expect(await reading).toEqual([{ value: null, unknown: 'no answer within 20 s' }]);
    void measureAll(['disk.usedPercent', 'C:']);
    await clock.advance(0);
    expect(calls).toEqual(['powerShellStart', 'fsSize', 'powerShellRelease', 'powerShellStart', 'fsSize']);
  });

  test('other systems have none: a question that hangs is waited for, not repeated', async () => {
    const { measureAll, calls, clock } = setUp('darwin', { fsSize: () => new Promise(() => undefined) });
    for (let cycle = 0; cycle < 2; cycle++) {
      const reading = measureAll(['disk.usedPercent', '/']);
      await clock.advance(20_000);
      expect(await reading).toEqual([{ value: null, unknown: 'no answer within 20 s' }]);
    }
    expect(calls).toEqual(['fsSize']);
  });
});

test('the inventory lists each disk once and no loopback', async () => {
  const { platform } = setUp('darwin', {
    osInfo: async () => ({ distro: 'macOS', release: '26.1' }),
    fsSize: async () => [
      disk('/System/Volumes/Data', 5, 5, 'disk3s1'),
      disk('/', 5, 5, 'disk3s1'),
      disk('/empty', 0, 0),
    ],
    networkInterfaces: async () => [
      { iface: 'lo0', internal: true, operstate: 'up', ip4: '127.0.0.1', ip6: '' },
      { iface: 'en0', internal: false, operstate: 'up', ip4: '192.0.2.1', ip6: '' },
    ],
  });
  const inventory = await platform.inventory();
  expect(inventory.operatingSystem).toBe('macOS 26.1');
  expect(inventory.disks.map(({ mount }) => mount)).toEqual(['/']);
  expect(inventory.interfaces).toEqual([{ name: 'en0', state: 'up', addresses: ['192.0.2.1'] }]);
});
