import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { CounterRates } from '../counter-rates.ts';
import { noMount } from '../disk-reading.ts';
import type { MetricSource } from '../source.ts';
import type { MountTable } from './mount-table.ts';
import type { Mount } from './mountinfo.ts';
import { ProcFile } from './proc-file.ts';

/** /proc/diskstats counts in sectors of 512 bytes, whatever the disk's own are (kernel: admin-guide/iostats). */
const SECTOR_BYTES = 512;

/** Bytes since the computer started. */
export interface DiskCounters {
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/**
 * disk.readBytesPerSecond and disk.writeBytesPerSecond of the block device, mostly a partition, that is mounted at a mount
 * point. Unknown where the file system has no block device of its own (overlay, network, tmpfs, zfs).
 */
export function createDiskRatesSource(mounts: MountTable, procDir = '/proc'): MetricSource {
  const diskstats = new ProcFile(join(procDir, 'diskstats'));
  const rates = new CounterRates();
  return {
    metrics: ['disk.readBytesPerSecond', 'disk.writeBytesPerSecond'],
    measure(requests, time) {
      const disks = parseDiskstats(diskstats.text());
      return requests.map(({ metric, target }): Reading => {
        const mount = mounts.at(target ?? '', time);
        if (mount === null) return noMount(target);
        const disk = diskOf(mount, disks);
        if (disk === null)
          return unknown(`${mount.fileSystem} at ${mount.mountPoint} has no disk of its own`);
        const count = metric === 'disk.readBytesPerSecond' ? disk.readBytes : disk.writtenBytes;
        return rates.read(`${metric} ${disk.name}`, count, time.monotonic);
      });
    },
    close: () => diskstats.close(),
  };
}

/** By device number, `major:minor`. Lines that make no sense are left out. */
export function parseDiskstats(text: string): Map<string, DiskCounters> {
  const disks = new Map<string, DiskCounters>();
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const [major, minor, name] = words;
    const readBytes = Number(words[5]) * SECTOR_BYTES;
    const writtenBytes = Number(words[9]) * SECTOR_BYTES;
    if (name === undefined || !Number.isFinite(readBytes) || !Number.isFinite(writtenBytes)) continue;
    disks.set(`${major}:${minor}`, { name, readBytes, writtenBytes });
  }
  return disks;
}

/** The disk under a mount: by device number, or by name for btrfs, which hides its number. */
function diskOf(mount: Mount, disks: ReadonlyMap<string, DiskCounters>): DiskCounters | null {
  const disk = disks.get(mount.device);
  if (disk !== undefined || !mount.source.startsWith('/dev/')) return disk ?? null;
  const name = deviceName(mount.source);
  return [...disks.values()].find((entry) => entry.name === name) ?? null;
}

/** /dev/mapper/vg-home is a link to ../dm-0, and diskstats knows dm-0 only. */
function deviceName(source: string): string {
  try {
    return basename(realpathSync(source));
  } catch {
    return basename(source);
  }
}
