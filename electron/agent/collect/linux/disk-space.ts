import { promises, type StatsFs, statfsSync } from 'node:fs';
import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { noMount, usedOfUsable } from '../disk-reading.ts';
import { attempt, failureText } from '../failure.ts';
import type { SlowCalls } from '../slow-calls.ts';
import type { MetricSource } from '../source.ts';
import type { MountTable } from './mount-table.ts';
import { mayHang } from './mountinfo.ts';

/**
 * disk.usedPercent and disk.freeBytes of a mount point, by statfs(2). A path where nothing is mounted is unknown, for its
 * numbers would be those of another disk: exactly what happens when a disk drops out.
 */
export function createDiskSpaceSource(mounts: MountTable, slowCalls: SlowCalls): MetricSource {
  return {
    metrics: ['disk.usedPercent', 'disk.freeBytes'],
    measure(requests, time) {
      return requests.map(({ metric, target }) => {
        const mount = mounts.at(target ?? '', time);
        if (mount === null) return noMount(target);
        const path = mount.mountPoint;
        if (!mayHang(mount)) return attempt(() => spaceReading(metric, statfsSync(path)));
        return slowCalls
          .run(`statfs ${path}`, () => promises.statfs(path))
          .then(
            (found) => spaceReading(metric, found),
            (error: unknown) => unknown(failureText(error)),
          );
      });
    },
  };
}

/** The counts of statfs(2) that matter, in blocks of the file system. */
export type BlockCounts = Pick<StatsFs, 'bsize' | 'frsize' | 'blocks' | 'bfree' | 'bavail'>;

export interface Space {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** What programs without special rights may still write. */
  readonly freeBytes: number;
  /** Used by what is used or may be used, as df(1) computes it (df rounds it up); null on a file system without blocks. */
  readonly usedPercent: number | null;
}

/** Bytes from the counts of statfs(2). Blocks are counted in `frsize`; on FUSE `bsize` is something else. */
export function spaceOf(counts: BlockCounts): Space {
  const blockBytes = counts.frsize > 0 ? counts.frsize : counts.bsize;
  // A full file system may promise less than nothing to ordinary programs, which arrives as a huge count.
  const available = counts.bavail > counts.bfree ? 0 : Math.max(0, counts.bavail);
  const used = Math.max(0, counts.blocks - counts.bfree);
  return {
    sizeBytes: counts.blocks * blockBytes,
    usedBytes: used * blockBytes,
    freeBytes: available * blockBytes,
    usedPercent: usedOfUsable(used, available),
  };
}

export function spaceReading(metric: MetricName, counts: BlockCounts): Reading {
  const space = spaceOf(counts);
  if (space.usedPercent === null) return unknown('this file system holds no data');
  return { value: metric === 'disk.usedPercent' ? space.usedPercent : space.freeBytes };
}
