import { Cron } from 'croner';

/** Says what is wrong with a cron expression, or null. Five fields; six where the first is seconds. */
export function cronFault(expression: string): string | null {
  try {
    return nextRunAt(expression, 0) === null ? 'never falls due; check day and month' : null;
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it cannot be understood';
    return `is not a cron expression such as 0 8 * * 1-5 (minute, hour, day, month, weekday): ${why}`;
  }
}

/** When the expression falls due next after a wall-clock time, in this computer's time zone; null for never. */
export function nextRunAt(expression: string, afterMs: number): number | null {
  return new Cron(expression, { paused: true }).nextRun(new Date(afterMs))?.getTime() ?? null;
}

/** The next times at which the expression falls due, at most so many. */
export function nextRunsAt(expression: string, count: number, afterMs: number): number[] {
  return new Cron(expression, { paused: true })
    .nextRuns(count, new Date(afterMs))
    .map((date) => date.getTime());
}

/** When the expression fell due last, at or before a wall-clock time; null for never. */
export function lastRunAt(expression: string, now: number): number | null {
  return new Cron(expression, { paused: true }).previousRuns(1, new Date(now + 1))[0]?.getTime() ?? null;
}
