/** DEFAULTS: a sign of life every 60 s, and silence after 10 min. */
const MISSED_BEATS = 10;
const GRACE_SECONDS = 540;

/**
 * After how many seconds without a sign of life an installation counts as silent: ten beats where they come every
 * minute or more often; where they come seldom, the one that is due and as long again, nine minutes at least.
 */
export function silentAfterSeconds(expectEverySeconds: number): number {
  if (expectEverySeconds <= 60) return MISSED_BEATS * expectEverySeconds;
  return expectEverySeconds + Math.max(GRACE_SECONDS, expectEverySeconds);
}
