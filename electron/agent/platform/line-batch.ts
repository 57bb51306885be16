/**
 * Writes lines that come in the same moment in one go: the results of five connections that end together are one write
 * instead of five. What waits is written before the process ends, unless it is killed.
 */
export function inBatches(write: (lines: string) => void): (line: string) => void {
  let waiting = '';
  const flush = () => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') write(lines);
  };
  process.once('exit', flush);
  return (line) => {
    if (waiting === '') queueMicrotask(flush);
    waiting += line;
  };
}
