import { join } from 'node:path';
import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { NO_BATTERY } from '../no-reading.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';
import { namesIn, readValue } from './sys-files.ts';

/** One power supply, as the kernel describes it (Documentation/ABI/testing/sysfs-class-power). */
export interface PowerSupply {
  readonly type: string;
  /** Charging, Discharging, Not charging, Full or Unknown; null where it is not said. */
  readonly status: string | null;
  /** Of a mains adapter: whether it gives power. */
  readonly online: boolean | null;
  readonly percent: number | null;
  /** What it holds when it is full, in µWh; null where it cannot be told. */
  readonly fullMicroWattHours: number | null;
}

/**
 * battery.percent and battery.state of the computer itself, from /sys/class/power_supply; of several batteries the charge of
 * all together. "discharging" means that the computer lives on its battery; on mains it is "charging", though it may be
 * full, which the detail says. A read may take the firmware some milliseconds, so it is done once a minute.
 */
export function createBatterySource(sysDir = '/sys'): MetricSource {
  return {
    metrics: ['battery.percent', 'battery.state'],
    everyMs: MINUTE_MS,
    measure(requests) {
      const supplies = readSupplies(join(sysDir, 'class/power_supply'));
      return requests.map(({ metric }) => batteryReading(metric, supplies));
    },
  };
}

/** A supply that was pulled out, or whose driver does not answer now, has no type and is left out. */
function readSupplies(dir: string): PowerSupply[] {
  return namesIn(dir).flatMap((name) => {
    const type = readValue(join(dir, name, 'type'));
    const supply = parsePowerSupply(type, readValue(join(dir, name, 'uevent')));
    return type === '' || supply === null ? [] : [supply];
  });
}

/** The `uevent` file of a supply: all its properties by one read. Null for a mouse's battery and for an empty slot. */
export function parsePowerSupply(type: string, uevent: string): PowerSupply | null {
  const values = new Map<string, string>();
  for (const line of uevent.split('\n')) {
    const [, name, value] = /^POWER_SUPPLY_([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value.trim());
  }
  if (values.get('SCOPE') === 'Device' || values.get('PRESENT') === '0') return null;
  const number = (name: string): number | null => {
    const text = values.get(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  const online = number('ONLINE');
  const energy = share(number('ENERGY_NOW'), number('ENERGY_FULL'));
  const charge = share(number('CHARGE_NOW'), number('CHARGE_FULL'));
  const capacity = number('CAPACITY');
  const volts = (number('VOLTAGE_MIN_DESIGN') ?? number('VOLTAGE_NOW') ?? 0) / 1e6;
  const chargeFull = number('CHARGE_FULL');
  return {
    type,
    status: values.get('STATUS') ?? null,
    online: online === null ? null : online > 0,
    percent: energy ?? charge ?? (capacity === null ? null : Math.min(100, capacity)),
    fullMicroWattHours:
      number('ENERGY_FULL') ?? (chargeFull !== null && volts > 0 ? chargeFull * volts : null),
  };
}

function share(now: number | null, full: number | null): number | null {
  return now === null || full === null || full === 0 ? null : Math.min(100, (now / full) * 100);
}

function batteryReading(metric: MetricName, supplies: readonly PowerSupply[]): Reading {
  const batteries = supplies.filter(({ type }) => type === 'Battery');
  if (batteries.length === 0) return NO_BATTERY;
  return metric === 'battery.percent' ? percentReading(batteries) : stateReading(batteries, supplies);
}

function percentReading(batteries: readonly PowerSupply[]): Reading {
  const telling = batteries.filter(({ percent }) => percent !== null);
  if (telling.length === 0) return unknown('the battery does not tell its charge');
  // Where one does not say how much it holds, they count alike.
  const weighted = telling.every(({ fullMicroWattHours }) => (fullMicroWattHours ?? 0) > 0);
  let sum = 0;
  let weights = 0;
  for (const { percent, fullMicroWattHours } of telling) {
    const weight = weighted ? (fullMicroWattHours ?? 0) : 1;
    sum += (percent ?? 0) * weight;
    weights += weight;
  }
  return { value: sum / weights };
}

function stateReading(batteries: readonly PowerSupply[], supplies: readonly PowerSupply[]): Reading {
  const states = batteries.map(({ status }) => status?.toLowerCase() ?? 'unknown');
  if (states.includes('discharging')) return { value: 'discharging' };
  if (states.includes('charging')) return { value: 'charging' };
  const resting = states.find((state) => state === 'full' || state === 'not charging');
  if (resting !== undefined) return { value: 'charging', detail: `on mains, ${resting}` };
  const adapters = supplies.filter(({ type, online }) => type !== 'Battery' && online !== null);
  if (adapters.length === 0) return unknown('the battery does not say whether it is charging');
  return adapters.some(({ online }) => online) ? { value: 'charging' } : { value: 'discharging' };
}
