/** Alert mails to one address in an hour: what the Web Service takes for one recipient. */
export const MAILS_PER_HOUR = 60;
const HOUR_MS = 3_600_000;

/** The alert mails of the last hour to one address. */
export interface HourCount {
  /** When each left, oldest first; wall-clock times, moved along with the clock. */
  readonly sentAt: readonly number[];
  /** When it was last looked at: what tells that the clock was set back. */
  readonly seenAt: number;
}

/** The count as of now: what is older than an hour is forgotten, and a clock that was set back is made up for. */
export function countAsOf(count: HourCount | null, now: number): HourCount {
  if (count === null) return { sentAt: [], seenAt: now };
  const byMs = Math.max(0, count.seenAt - now);
  return { sentAt: count.sentAt.map((at) => at - byMs).filter((at) => now - at < HOUR_MS), seenAt: now };
}

/** When the next mail to the address may leave; a time that has passed means now. */
export function roomAt({ sentAt, seenAt }: HourCount): number {
  const oldestInTheWay = sentAt.at(-MAILS_PER_HOUR);
  return oldestInTheWay === undefined ? seenAt : oldestInTheWay + HOUR_MS;
}

/** The count with one more mail that leaves now. */
export function counted(count: HourCount | null, now: number): HourCount {
  const known = countAsOf(count, now);
  return { ...known, sentAt: [...known.sentAt, now] };
}
