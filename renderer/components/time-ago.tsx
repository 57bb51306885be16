import { formatDuration, formatShortTime, formatTime } from '../../shared/format.ts';
import { useNow } from '../hooks/use-now.ts';

/** The zone of whoever looks on. */
export const READER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const DAY_MS = 86_400_000;

export interface TimeAgoProps {
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** "4 min ago", exact and with its zone on hover; older than a day, the day itself. */
export function TimeAgo({ at }: TimeAgoProps) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at, READER_ZONE)}>
      {agoText(at, now)}
    </time>
  );
}

/** "in 3 h", exact and with its zone on hover. */
export function TimeUntil({ at }: TimeAgoProps) {
  const now = useNow();
  const away = at - now;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at, READER_ZONE)}>
      {away > DAY_MS ? exactShortTime(at) : `in ${formatDuration(Math.max(1000, away), 1)}`}
    </time>
  );
}

function agoText(at: number, now: number): string {
  const away = now - at;
  if (away > DAY_MS) return exactShortTime(at);
  return away < 1000 ? 'just now' : `${formatDuration(away, 1)} ago`;
}

/** "Sat 21 Nov, 19:05", in the zone of whoever looks on. */
export function exactShortTime(at: number): string {
  return formatShortTime(at, READER_ZONE);
}

/** "Sat 21 Nov 2026, 19:05:12 UTC+1", in the zone of whoever looks on. */
export function exactTime(at: number): string {
  return formatTime(at, READER_ZONE);
}
