import { isAbsolute } from 'node:path';
import type { Clock } from '../../../shared/model/clock.ts';
import { unknown } from '../../../shared/model/sample.ts';
import { failureText } from './failure.ts';
import { walkFolder, type WalkLimits } from './folder-walk.ts';
import { SlowCalls } from './slow-calls.ts';
import { type MeasureTime, type MetricSource, MINUTE_MS } from './source.ts';

const LIMITS: WalkLimits = { maxEntries: 200_000, maxMs: 10_000 };
/** With the wait for other folders, which are counted one after the other, and for a server that does not answer. */
const DEADLINE_MS = 45_000;

/** 18 µs a size, against 50 one by one (measured with 50,000 files). */
const SIZES_AT_ONCE = 32;
/** Where the server of a file system may hang, and each thread with it. */
const SIZES_AT_ONCE_REMOTE = 1;

export interface FolderSourceOptions {
  readonly clock: Clock;
  /** Whether the folder lies on a network file system. */
  readonly isSlow: (path: string, time: MeasureTime) => boolean;
  readonly limits?: WalkLimits;
}

/**
 * folder.fileCount and folder.sizeBytes: everything in a folder and in the folders below it that is no folder itself, and the
 * sum of its sizes as `ls -l` shows them (not the space on the disk; a file with two names counts twice). No link is
 * followed except the path itself. Unknown beyond 200,000 entries or 10 s, and where a part may not be read.
 */
export function createFolderSource({ clock, isSlow, limits = LIMITS }: FolderSourceOptions): MetricSource {
  const calls = new SlowCalls(clock, { deadlineMs: DEADLINE_MS, atOnce: 1 });
  return {
    metrics: ['folder.fileCount', 'folder.sizeBytes'],
    everyMs: MINUTE_MS,
    measure(requests, time) {
      return requests.map(({ metric, target }) => {
        const path = target ?? '';
        if (!isAbsolute(path)) return unknown('the path must be given from the root');
        // Where both are wanted, one walk serves both.
        const withSizes = requests.some(
          (request) => request.target === path && request.metric === 'folder.sizeBytes',
        );
        const atOnce = isSlow(path, time) ? SIZES_AT_ONCE_REMOTE : SIZES_AT_ONCE;
        const sizesAtOnce = withSizes ? atOnce : 0;
        return calls
          .run(`${withSizes ? 'sizes' : 'names'} ${path}`, () =>
            walkFolder(path, { clock, limits, sizesAtOnce }),
          )
          .then(
            ({ files, bytes }) => ({ value: metric === 'folder.fileCount' ? files : bytes }),
            (error: unknown) => unknown(failureText(error)),
          );
      });
    },
  };
}
