const MINUTE_MS = 60_000;
const MORNING_HOUR = 8;

/** Minutes until 08:00 of the next day, in the zone of whoever looks on. */
export function minutesUntilTomorrow(now: number): number {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return Math.ceil((morning.getTime() - now) / MINUTE_MS);
}
