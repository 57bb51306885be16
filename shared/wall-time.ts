/** What the clock on a wall shows, and how far it is ahead of UTC. */
export interface WallTime {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly day: number;
  /** 0 is January. */
  readonly month: number;
  readonly year: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** As it stands in mails: "UTC", "UTC+1", "UTC-3:30". */
  readonly offset: string;
}

/**
 * The zone of this computer, wherever a zone is asked for. It is read without Intl, whose tables cost an agent that wrote
 * a single time 8 MB of memory for the rest of its life.
 */
export const COMPUTER_ZONE = 'computer';

/** The largest time that `Date` can hold (ECMAScript 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

/**
 * A point in time on a wall in `timeZone`: `COMPUTER_ZONE` or an IANA name such as Europe/Berlin. A zone that this
 * computer's tables do not know is taken for UTC, since it must not keep an alert from being written. Null where `ms` is
 * beyond what a date can hold.
 */
export function wallTime(ms: number, timeZone: string): WallTime | null {
  if (!Number.isFinite(ms) || Math.abs(ms) > MAX_TIME_MS) return null;
  return timeZone === COMPUTER_ZONE ? wallTimeHere(ms) : wallTimeIn(ms, timeZone);
}

function wallTimeHere(ms: number): WallTime {
  const date = new Date(ms);
  return {
    weekday: date.getDay(),
    day: date.getDate(),
    month: date.getMonth(),
    year: date.getFullYear(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    offset: offsetText(-Math.trunc(date.getTimezoneOffset())),
  };
}

function offsetText(minutesAhead: number): string {
  const minutes = Math.abs(minutesAhead);
  if (minutes === 0) return 'UTC';
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${minutesAhead < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest}`;
}

function wallTimeIn(ms: number, timeZone: string): WallTime {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const [year, month, day] = [get('year'), get('month') - 1, get('day')];
  return {
    // The year of an era before ours counts backwards, and no time of Tocsin's is that old.
    weekday: new Date(Date.UTC(year, month, day)).getUTCDay(),
    day,
    month,
    year,
    hour: get('hour'),
    minute: get('minute'),
    second: get('second'),
    offset: (parts.get('timeZoneName') ?? '').replace(/^GMT(?:\+0$)?/, 'UTC'),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const options: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  };
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone });
  } catch {
    made = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
  formats.set(timeZone, made);
  return made;
}
