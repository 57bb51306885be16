import { appendFileSync, renameSync, statSync } from 'node:fs';

/** Two files of this size are weeks of an agent's log. */
const FILE_MAX_BYTES = 5 * 1024 * 1024;

/**
 * Appends lines to a file that is moved to `<path>.1` when it has grown large: the app's log, where nobody reads its
 * standard output. A disk that does not take a line loses it; the agent goes on.
 */
export function createLogFile(path: string): (line: string) => void {
  let sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (line) => {
    try {
      if (sizeBytes > FILE_MAX_BYTES) {
        renameSync(path, `${path}.1`);
        sizeBytes = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      sizeBytes += Buffer.byteLength(line);
    } catch {
      // Nobody can be told; the delivery log in the data folder holds what matters.
    }
  };
}
