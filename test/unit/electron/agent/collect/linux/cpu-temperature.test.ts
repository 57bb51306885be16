import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createCpuTemperatureSource,
  parseMillidegrees,
} from '../../../../../../electron/agent/collect/linux/cpu-temperature.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { readOne } from '../measuring.ts';

const none = { value: null, unknown: 'this computer does not tell the temperature of its CPU' };
const hwmon = (chip: number, name: string, sensors: Record<string, string>) => ({
  [`class/hwmon/hwmon${chip}/name`]: name,
  ...Object.fromEntries(
    Object.entries(sensors).map(([file, text]) => [`class/hwmon/hwmon${chip}/${file}`, text]),
  ),
});
const zone = (number: number, type: string, temp: string) => ({
  [`class/thermal/thermal_zone${number}/type`]: type,
  [`class/thermal/thermal_zone${number}/temp`]: temp,
});

test.each<[string, Record<string, string>, unknown]>([
  ['a virtual machine', {}, none],
  [
    'Intel: the hottest core',
    hwmon(3, 'coretemp', {
      temp1_label: 'Package id 0',
      temp1_input: '51000',
      temp1_max: '100000',
      temp1_crit: '100000',
      temp2_label: 'Core 0',
      temp2_input: '52500',
    }),
    { value: 52.5 },
  ],
  [
    'AMD: the die, not what the fan goes by',
    hwmon(0, 'k10temp', {
      temp1_label: 'Tctl',
      temp1_input: '77000',
      temp2_label: 'Tdie',
      temp2_input: '57000',
      temp3_label: 'Tccd1',
      temp3_input: '55250',
    }),
    { value: 57 },
  ],
  ['AMD without Tdie', hwmon(0, 'k10temp', { temp1_label: 'Tctl', temp1_input: '61000' }), { value: 61 }],
  ['a Raspberry Pi', hwmon(0, 'cpu_thermal', { temp1_input: '48312' }), { value: 48.312 }],
  [
    'disks and mainboards are not the CPU',
    { ...hwmon(0, 'nvme', { temp1_input: '60000' }), ...hwmon(1, 'acpitz', { temp1_input: '30000' }) },
    none,
  ],
  [
    'a sensor that sleeps is left out',
    hwmon(0, 'coretemp', { temp1_input: '', temp2_input: '40000' }),
    { value: 40 },
  ],
  ['a nonsense value is left out', hwmon(0, 'coretemp', { temp1_input: '-273000' }), none],
  [
    'the thermal zone of the CPU where there is no chip',
    { ...zone(0, 'acpitz', '27800'), ...zone(1, 'x86_pkg_temp', '44000') },
    { value: 44 },
  ],
  [
    'zones of an ARM board, the hottest',
    { ...zone(0, 'cpu-big-thermal', '43000'), ...zone(1, 'cpu-little-thermal', '45000') },
    { value: 45 },
  ],
])('%s', async (_rule, files, expected) => {
  const tree = new FixtureTree();
  for (const [path, text] of Object.entries(files)) tree.write(path, `${text}\n`);
  expect(await readOne(createCpuTemperatureSource(tree.dir), 'temperature.cpuCelsius')).toEqual(expected);
});

test('no text makes a temperature that no CPU can have', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (text) => {
      const celsius = parseMillidegrees(text);
      expect(celsius === null || (celsius > -60 && celsius < 150)).toBe(true);
    }),
  );
});
