import type { Clock } from '../../../../shared/model/clock.ts';
import { NO_TEMPERATURE } from '../no-reading.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/**
 * temperature.cpuCelsius by the library's cpuTemperature(): on Windows the hottest ACPI thermal zone, which only
 * administrators may read and many computers do not have; on macOS nothing without a further native module.
 */
export function createLibraryCpuTemperatureSource(library: Library, clock: Clock): MetricSource {
  const source = createLibrarySource({
    library,
    clock,
    metrics: ['temperature.cpuCelsius'],
    ask: (si) => si.cpuTemperature(),
    read: ({ max, main }) => {
      // The type says number; where nothing was found they are null.
      const told = [max, main].find((value) => Number.isFinite(value) && value > 0);
      return told === undefined ? NO_TEMPERATURE : { value: told };
    },
  });
  return { ...source, everyMs: MINUTE_MS };
}
