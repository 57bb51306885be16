const MINUTE_MS = 60_000;

/** Row B1: waits in minutes before the second to sixth try; afterwards `STEADY_MINUTES`. */
const FIRST_MINUTES = [1, 2, 4, 8, 16] as const;
const STEADY_MINUTES = 30;
/** Spread of the steady wait, so that a provider's forty installations do not all come at once. */
const JITTER = 0.1;

/** RFC 5321 4.5.4.1: a sender gives up after at least 4 to 5 days. */
export const GIVE_UP_AFTER_MS = 5 * 24 * 60 * MINUTE_MS;

/** What waits gets so long at least after the computer was off or asleep: its network may take a while. */
export const GIVE_UP_GRACE_MS = 60 * MINUTE_MS;

/** No wait is longer than this, so a next try beyond it means that the clock was set back. */
export const LONGEST_WAIT_MS = STEADY_MINUTES * (1 + JITTER) * MINUTE_MS;

/** For how long a message stays with the server that may have it already, before another one is used. */
export const PIN_MS = 30 * MINUTE_MS;

/** Milliseconds to wait after the `attempts`-th failed try; `fraction` is chance in [0, 1). */
export function retryDelayMs(attempts: number, fraction: number): number {
  const first = FIRST_MINUTES[Math.max(0, attempts - 1)];
  if (first !== undefined) return first * MINUTE_MS;
  return Math.round(STEADY_MINUTES * MINUTE_MS * (1 - JITTER + 2 * JITTER * fraction));
}

/** When to try again; null when that would be never: the time to give up has passed. The last try falls on it. */
export function nextAttemptAt(
  attempts: number,
  now: number,
  giveUpAt: number,
  fraction: number,
): number | null {
  if (now >= giveUpAt) return null;
  return Math.min(now + retryDelayMs(attempts, fraction), giveUpAt);
}
