/**
 * Where log lines go: stderr, those of one turn of the event loop in one write. Messages are accepted by the dozen, and a
 * write for each of their lines took a twentieth of the service's time. Whatever waits is written before the process
 * ends by itself.
 */
export function createStderrLines(): { write(line: string): void } {
  let waiting = '';
  const flush = () => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') process.stderr.write(lines);
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (waiting === '') setImmediate(flush);
      waiting += line;
    },
  };
}
