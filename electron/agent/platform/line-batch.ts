import type { Clock } from '../../../shared/model/clock.ts';

/** What comes sooner after what was written last waits for so long after it, in milliseconds: nobody reads faster. */
const APART_MS = 20;

/**
 * Writes lines that come in the same moment in one go, and a stream of them fifty times a second: a write that wakes its
 * reader takes as long as a tenth of sending a mail. What waits is written before the process ends, unless it is killed.
 */
export function inBatches(write: (lines: string) => void, clock: Clock): (line: string) => void {
  let waiting = '';
  let writtenMs = Number.NEGATIVE_INFINITY;
  const flush = () => {
    const lines = waiting;
    waiting = '';
    if (lines === '') return;
    writtenMs = clock.monotonic();
    write(lines);
  };
  process.once('exit', flush);
  return (line) => {
    if (waiting === '') {
      const leftMs = writtenMs + APART_MS - clock.monotonic();
      if (leftMs > 0) clock.after(leftMs, flush);
      else queueMicrotask(flush);
    }
    waiting += line;
  };
}
