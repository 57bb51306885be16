/** What the job below takes of a thread's time on the machine of docs/promises.md at rest: own measurement, median of 12. */
const AT_REST_MS = 45;

const DOCUMENT = JSON.stringify(Array.from({ length: 200_000 }, (_, at) => ({ a: `value ${at}`, b: [at] })));

/**
 * How many times slower this machine is now than at rest, by one job of `JSON.parse` on 6.6 MB; at least 1. A thread's
 * own time grows too where the processor is shared with other machines, so that a figure in milliseconds says nothing alone.
 */
export function slowness(): number {
  const started = process.threadCpuUsage();
  JSON.parse(DOCUMENT);
  return Math.max(1, threadMs(started) / AT_REST_MS);
}

/** What this thread has had of a processor since `started`, in milliseconds. */
export function threadMs(started: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}
