import type { Clock } from '../../../../shared/model/clock.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { noMount, usedOfUsable } from '../disk-reading.ts';
import type { MetricSource } from '../source.ts';
import type { Library } from './library.ts';
import { createLibrarySource } from './library-source.ts';

/**
 * disk.usedPercent and disk.freeBytes of a drive (`C:`, `c:\`) or a mount point, by the library's fsSize(). */
export function createLibraryDiskSource(
  library: Library,
  clock: Clock,
  system: NodeJS.Platform,
): MetricSource {
  return createLibrarySource({
    library,
    clock,
    metrics: ['disk.usedPercent', 'disk.freeBytes'],
    ask: (si) => si.fsSize(),
    read: (disks, { metric, target }): Reading => {
      if (disks.length === 0) return unknown('the list of disks came back empty');
      const wanted = normalMount(target ?? '', system);
      const disk = disks.find(({ mount }) => normalMount(mount, system) === wanted);
      if (disk === undefined) return noMount(target);
      const free = Math.max(0, disk.available);
      const percent = usedOfUsable(Math.max(0, disk.used), free);
      if (percent === null) return unknown('this file system holds no data');
      return { value: metric === 'disk.usedPercent' ? percent : free };
    },
  });
}

/** One spelling for each drive or mount point. */
function normalMount(mount: string, system: NodeJS.Platform): string {
  if (system === 'win32') return mount.replace(/[\\/]+$/, '').toUpperCase();
  return mount.length > 1 && mount.endsWith('/') ? mount.slice(0, -1) : mount;
}
