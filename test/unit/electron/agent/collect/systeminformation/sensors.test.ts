import { expect, test } from 'vitest';
import type { MetricName } from '../../../../../../shared/model/metrics.ts';
import { setUp } from './fake-library.ts';

const noBattery = { value: null, unknown: 'this computer has no battery' };
/** The battery() of systeminformation 5.33; a desktop has `hasBattery: false` and zeros. */
const battery = (more: object) => async () => ({
  hasBattery: true,
  percent: 60,
  isCharging: false,
  acConnected: false,
  ...more,
});

test.each<[string, MetricName, object, unknown]>([
  ['a desktop', 'battery.percent', { hasBattery: false, percent: 0 }, noBattery],
  ['a desktop', 'battery.state', { hasBattery: false, percent: 0, acConnected: true }, noBattery],
  ['the charge', 'battery.percent', {}, { value: 60 }],
  [
    'a charge that is not told',
    'battery.percent',
    { percent: null },
    { value: null, unknown: 'the battery does not tell its charge' },
  ],
  ['in use', 'battery.state', {}, { value: 'discharging' }],
  ['being charged', 'battery.state', { isCharging: true, acConnected: true }, { value: 'charging' }],
  [
    'plugged in, not charged',
    'battery.state',
    { acConnected: true },
    { value: 'charging', detail: 'on mains, not charging' },
  ],
  [
    'full on Windows, which reads like being in use',
    'battery.state',
    { percent: 100 },
    { value: null, unknown: 'the battery is full and does not say whether it is in use' },
  ],
])('%s: %s', async (_rule, metric, more, expected) => {
  const { measureAll } = setUp('win32', { battery: battery(more) });
  expect(await measureAll([metric])).toEqual([expected]);
});

test.each([
  ['the hottest zone', { main: 51.2, max: 60.5 }, { value: 60.5 }],
  ['the only figure there is', { main: 51.2, max: null }, { value: 51.2 }],
  [
    'a computer that tells none',
    { main: null, max: null },
    { value: null, unknown: 'this computer does not tell the temperature of its CPU' },
  ],
])('temperature.cpuCelsius: %s', async (_rule, answer, expected) => {
  const { measureAll } = setUp('darwin', {
    cpuTemperature: async () => ({ cores: [], ...answer }),
  });
  expect(await measureAll(['temperature.cpuCelsius'])).toEqual([expected]);
});

test('PowerShell is asked for them once a minute', async () => {
  const { clock, calls, measureAll } = setUp('win32', { battery: battery({}) });
  const wanted = (): Promise<unknown> => measureAll(['battery.percent'], ['battery.state']);
  await wanted();
  await clock.advance(50_000);
  await wanted();
  expect(calls.filter((name) => name === 'battery')).toHaveLength(1);
  await clock.advance(10_000);
  await wanted();
  expect(calls.filter((name) => name === 'battery')).toHaveLength(2);
});

test.each([
  ['win32', 'Windows'],
  ['darwin', 'macOS'],
] as const)('the rates of a disk are unknown on %s, without asking', async (system, name) => {
  const { calls, measureAll } = setUp(system, {});
  const reason = `the transfer rates of single disks cannot be measured on ${name}`;
  expect(await measureAll(['disk.readBytesPerSecond', 'C:'], ['disk.writeBytesPerSecond', 'C:'])).toEqual([
    { value: null, unknown: reason },
    { value: null, unknown: reason },
  ]);
  expect(calls).toEqual([]);
});
