import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createBatterySource,
  parsePowerSupply,
} from '../../../../../../electron/agent/collect/linux/battery.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { readOne } from '../measuring.ts';

type Supplies = Record<string, readonly [type: string, ...properties: string[]]>;

/** A /sys as the kernel shows it: `type` and the properties in `uevent`. */
function sourceOf(supplies: Supplies) {
  const tree = new FixtureTree().write('class/net/lo/operstate', 'unknown\n');
  for (const [name, [type, ...properties]] of Object.entries(supplies)) {
    const lines = [`NAME=${name}`, ...properties].map((line) => `POWER_SUPPLY_${line}\n`);
    tree
      .write(`class/power_supply/${name}/type`, `${type}\n`)
      .write(`class/power_supply/${name}/uevent`, lines.join(''));
  }
  return createBatterySource(tree.dir);
}

const none = { value: null, unknown: 'this computer has no battery' };
const mains = (online: 0 | 1) => ['Mains', `ONLINE=${online}`] as const;
const battery = (status: string, ...more: string[]) =>
  ['Battery', `STATUS=${status}`, 'PRESENT=1', ...more] as const;
const mouse = ['Battery', 'SCOPE=Device', 'STATUS=Discharging', 'CAPACITY=20'] as const;

test.each<[string, Supplies, unknown]>([
  ['a computer without any supply', {}, none],
  ['a desktop', { AC: mains(1) }, none],
  ['a wireless mouse is not the computer', { hidpp_battery_0: mouse }, none],
  ['an empty slot', { BAT0: ['Battery', 'PRESENT=0', 'CAPACITY=0'] }, none],
  ['the capacity where nothing finer is told', { BAT0: battery('Full', 'CAPACITY=97') }, { value: 97 }],
  [
    'energy, finer than the capacity',
    { BAT0: battery('Full', 'CAPACITY=62', 'ENERGY_FULL=50000000', 'ENERGY_NOW=31250000') },
    { value: 62.5 },
  ],
  [
    'charge',
    { BAT0: battery('Full', 'CHARGE_FULL=4000000', 'CHARGE_NOW=1000000', 'VOLTAGE_NOW=12000000') },
    { value: 25 },
  ],
  [
    'two batteries, each by what it holds',
    {
      BAT0: battery('Full', 'ENERGY_FULL=30000000', 'ENERGY_NOW=30000000'),
      BAT1: battery('Discharging', 'ENERGY_FULL=10000000', 'ENERGY_NOW=2000000'),
    },
    { value: 80 },
  ],
  [
    'alike where one does not tell what it holds',
    { BAT0: battery('Full', 'CAPACITY=100'), BAT1: battery('Full', 'ENERGY_FULL=100', 'ENERGY_NOW=50') },
    { value: 75 },
  ],
  [
    'a worn battery that claims more than all',
    { BAT0: battery('Full', 'ENERGY_FULL=100', 'ENERGY_NOW=105') },
    { value: 100 },
  ],
  [
    'a battery that tells nothing',
    { BAT0: battery('Unknown') },
    { value: null, unknown: 'the battery does not tell its charge' },
  ],
])('battery.percent: %s', async (_rule, supplies, expected) => {
  expect(await readOne(sourceOf(supplies), 'battery.percent')).toEqual(expected);
});

test.each<[string, Supplies, unknown]>([
  ['without a battery', { AC: mains(1) }, none],
  ['charging', { BAT0: battery('Charging'), AC: mains(1) }, { value: 'charging' }],
  ['discharging', { BAT0: battery('Discharging'), AC: mains(0) }, { value: 'discharging' }],
  [
    'full: on mains, though nothing flows',
    { BAT0: battery('Full'), AC: mains(1) },
    { value: 'charging', detail: 'on mains, full' },
  ],
  [
    'held below full to spare the battery',
    { BAT0: battery('Not charging') },
    { value: 'charging', detail: 'on mains, not charging' },
  ],
  [
    'one of two discharges',
    { BAT0: battery('Full'), BAT1: battery('Discharging') },
    { value: 'discharging' },
  ],
  [
    'it does not know, the adapter does',
    { BAT0: battery('Unknown'), AC: mains(0) },
    { value: 'discharging' },
  ],
  [
    'any adapter will do',
    { BAT0: battery('Unknown'), AC: mains(0), 'ucsi-source-psy': ['USB', 'ONLINE=1'] },
    { value: 'charging' },
  ],
  [
    'nobody knows',
    { BAT0: battery('Unknown') },
    { value: null, unknown: 'the battery does not say whether it is charging' },
  ],
])('battery.state: %s', async (_rule, supplies, expected) => {
  expect(await readOne(sourceOf(supplies), 'battery.state')).toEqual(expected);
});

test('no content of uevent makes it throw or find a number that is none', () => {
  const name = fc.constantFrom(
    'CAPACITY',
    'ENERGY_NOW',
    'ENERGY_FULL',
    'CHARGE_NOW',
    'CHARGE_FULL',
    'VOLTAGE_NOW',
  );
  const value = fc.oneof(fc.integer().map(String), fc.constantFrom('', '1e999', '9'.repeat(40)), fc.string());
  const line = fc.oneof(
    fc.tuple(name, value).map(([key, text]) => `POWER_SUPPLY_${key}=${text}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const supply = parsePowerSupply('Battery', lines.join('\n'));
      const percent = supply?.percent ?? 0;
      expect(percent >= 0 && percent <= 100).toBe(true);
      expect(Number.isFinite(supply?.fullMicroWattHours ?? 0)).toBe(true);
    }),
  );
});
