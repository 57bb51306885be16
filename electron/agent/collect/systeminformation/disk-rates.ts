import { unknown } from '../../../../shared/model/sample.ts';
import type { MetricSource } from '../source.ts';
import { systemName } from '../system-name.ts';

/**
 * disk.readBytesPerSecond and disk.writeBytesPerSecond are unknown here: the library adds up all disks on macOS and has no
 * figures at all on Windows (fsStats()), and a sum would be taken for the disk that was named.
 */
export function createNoDiskRatesSource(system: NodeJS.Platform): MetricSource {
  const reading = unknown(`the transfer rates of single disks cannot be measured on ${systemName(system)}`);
  return {
    metrics: ['disk.readBytesPerSecond', 'disk.writeBytesPerSecond'],
    measure: (requests) => requests.map(() => reading),
  };
}
