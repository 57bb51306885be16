import { join } from 'node:path';
import { NO_TEMPERATURE } from '../no-reading.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';
import { namesIn, readValue } from './sys-files.ts';

/** The drivers of CPUs (kernel: Documentation/hwmon): Intel, AMD, VIA, and the device trees of ARM boards. */
const CPU_CHIPS: ReadonlySet<string> = new Set([
  'coretemp',
  'k8temp',
  'k10temp',
  'zenpower',
  'via_cputemp',
  'cpu_thermal',
  'soc_thermal',
]);
const CPU_ZONE = /^(?:x86_pkg_temp|(?:cpu|soc)[\w-]*[-_]thermal)$/;

/**
 * temperature.cpuCelsius: the hottest sensor of the CPU, from /sys/class/hwmon, else from /sys/class/thermal. Once a minute, for
 * each core is a sensor of its own. Sensors of the mainboard are left out: which of them is the CPU's cannot be told.
 */
export function createCpuTemperatureSource(sysDir = '/sys'): MetricSource {
  return {
    metrics: ['temperature.cpuCelsius'],
    everyMs: MINUTE_MS,
    measure(requests) {
      const hottest = highest(chipSensors(sysDir)) ?? highest(zoneSensors(sysDir));
      return requests.map(() => (hottest === null ? NO_TEMPERATURE : { value: hottest }));
    },
  };
}

function chipSensors(sysDir: string): number[] {
  const dir = join(sysDir, 'class/hwmon');
  return namesIn(dir).flatMap((chip) => {
    const folder = join(dir, chip);
    if (!CPU_CHIPS.has(readValue(join(folder, 'name')))) return [];
    const sensors = namesIn(folder).flatMap((file) => {
      const prefix = /^(temp\d+)_input$/.exec(file)?.[1];
      if (prefix === undefined) return [];
      const label = readValue(join(folder, `${prefix}_label`));
      return [{ label, celsius: parseMillidegrees(readValue(join(folder, file))) }];
    });
    // AMD's Tctl is what the fan goes by: on some CPUs up to 27 degrees above the true Tdie (kernel: hwmon/k10temp).
    const hasDie = sensors.some(({ label }) => label === 'Tdie');
    return sensors.flatMap(({ label, celsius }) =>
      celsius === null || (hasDie && label === 'Tctl') ? [] : [celsius],
    );
  });
}

function zoneSensors(sysDir: string): number[] {
  const dir = join(sysDir, 'class/thermal');
  return namesIn(dir).flatMap((zone) => {
    if (!CPU_ZONE.test(readValue(join(dir, zone, 'type')))) return [];
    const celsius = parseMillidegrees(readValue(join(dir, zone, 'temp')));
    return celsius === null ? [] : [celsius];
  });
}

/** Thousandths of a degree, as sysfs writes them; null where it is no number or none that a running CPU can have. */
export function parseMillidegrees(text: string): number | null {
  if (!/^-?\d{1,7}$/.test(text.trim())) return null;
  const celsius = Number(text) / 1000;
  return celsius > -60 && celsius < 150 ? celsius : null;
}

function highest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
