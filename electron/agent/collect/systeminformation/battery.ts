import type { Systeminformation } from 'systeminformation';
import type { Clock } from '../../../../shared/model/clock.ts';
import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { NO_BATTERY } from '../no-reading.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/**
 * battery.percent and battery.state by the library's battery() (Win32_Battery; ioreg and pmset). Of several batteries the
 * first that works is read.
 */
export function createLibraryBatterySource(library: Library, clock: Clock): MetricSource {
  const source = createLibrarySource({
    library,
    clock,
    metrics: ['battery.percent', 'battery.state'],
    ask: (si) => si.battery(),
    read: (battery, { metric }) => batteryReading(battery, metric),
  });
  return { ...source, everyMs: MINUTE_MS };
}

/** From here on a battery counts as full. Windows says "fully charged", which the library turns into neither. */
const FULL_PERCENT = 99;

function batteryReading(battery: Systeminformation.BatteryData, metric: MetricName): Reading {
  const { hasBattery, percent, isCharging, acConnected } = battery;
  if (!hasBattery) return NO_BATTERY;
  if (metric === 'battery.percent') {
    const told = typeof percent === 'number' && percent >= 0 && percent <= 100;
    return told ? { value: percent } : unknown('the battery does not tell its charge');
  }
  if (isCharging) return { value: 'charging' };
  if (acConnected) return { value: 'charging', detail: 'on mains, not charging' };
  if (percent >= FULL_PERCENT) return unknown('the battery is full and does not say whether it is in use');
  return { value: 'discharging' };
}
