import type { ConditionSettings } from './contract/settings.ts';
import { formatNumber } from './format-number.ts';
import { metricDefinition, type MetricName, type Unit } from './model/metrics.ts';
import { type WallTime, wallTime } from './wall-time.ts';

/** How numbers, times and limits read in mails, commands and on the page: in English, with units. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A size in the largest binary unit that leaves at least 1: "812 B", "3.2 GiB". */
export function formatBytes(bytes: number, maxDigits = 1): string {
  let value = bytes;
  let unit = 0;
  // 1023.96 MiB would read "1,024 MiB": what rounds up to the next unit belongs there.
  while (unit < BYTE_UNITS.length - 1 && Math.abs(roundTo(value, maxDigits)) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  return `${formatNumber(value, unit === 0 ? 0 : maxDigits)} ${BYTE_UNITS[unit] ?? ''}`;
}

function roundTo(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/**
 * A length of time in its `parts` largest units: "45 s", "23 min", "4 h 10 min", "3 d 2 h". What is smaller is cut off,
 * never rounded up; from ten minutes on, seconds are left out unless a third part is asked for. A negative length, which
 * a clock that was set back can produce, reads "0 s".
 */
export function formatDuration(ms: number, parts = 2): string {
  const rest = Number.isFinite(ms) ? Math.max(0, ms) : 0;
  const units: readonly (readonly [amount: number, unit: string])[] = [
    [Math.floor(rest / DAY_MS), 'd'],
    [Math.floor((rest % DAY_MS) / HOUR_MS), 'h'],
    [Math.floor((rest % HOUR_MS) / MINUTE_MS), 'min'],
    [Math.floor((rest % MINUTE_MS) / 1000), 's'],
  ];
  const first = units.findIndex(([amount]) => amount > 0);
  if (first < 0) return rest > 0 && rest < 1000 ? `${Math.floor(rest)} ms` : '0 s';
  const secondsMatter = rest < 10 * MINUTE_MS || parts > 2;
  return units
    .slice(first, first + parts)
    .filter(([amount, unit]) => amount > 0 && (unit !== 's' || secondsMatter))
    .map(([amount, unit]) => `${formatNumber(amount, 0)} ${unit}`)
    .join(' ');
}

/**
 * A time as it stands in mails, exact and with its zone: "Sat 21 Nov 2026, 19:05:12 UTC", "…, 20:05:12 UTC+1". The zone
 * is an offset, because abbreviations such as CST or IST name several. An unknown time zone reads as UTC.
 */
export function formatTime(ms: number, timeZone: string): string {
  const wall = wallTime(ms, timeZone);
  if (wall === null) return 'at an unknown time';
  return `${dayText(wall)} ${wall.year}, ${minuteText(wall)}:${twoDigits(wall.second)} ${wall.offset}`;
}

/** The same to the minute, where year and zone are clear from what stands beside it: "Sat 21 Nov, 19:05". */
export function formatShortTime(ms: number, timeZone: string): string {
  const wall = wallTime(ms, timeZone);
  return wall === null ? 'an unknown time' : `${dayText(wall)}, ${minuteText(wall)}`;
}

function dayText({ weekday, day, month }: WallTime): string {
  return `${WEEKDAYS[weekday] ?? ''} ${day} ${MONTHS[month] ?? ''}`;
}

function minuteText({ hour, minute }: WallTime): string {
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** The number of decimals in which values of a unit are usually read. */
const USUAL_DIGITS: Readonly<Record<Unit, number>> = {
  percent: 1,
  ratio: 2,
  bytes: 1,
  bytesPerSecond: 1,
  count: 0,
  milliseconds: 0,
  seconds: 0,
  days: 0,
  celsius: 0,
  status: 0,
};

function formatUnit(unit: Unit, value: number, extraDigits: number): string {
  const digits = USUAL_DIGITS[unit] + extraDigits;
  switch (unit) {
    case 'percent':
      return `${formatNumber(value, digits)} %`;
    case 'ratio':
    case 'count':
      return formatNumber(value, digits);
    case 'status':
      return String(value);
    case 'bytes':
      return formatBytes(value, digits);
    case 'bytesPerSecond':
      return `${formatBytes(value, digits)}/s`;
    case 'milliseconds':
      return `${formatNumber(value, digits)} ms`;
    case 'seconds':
      return value < 0
        ? `-${formatUnit(unit, -value, extraDigits)}`
        : formatDuration(value * 1000, 2 + extraDigits);
    case 'days':
      return `${formatNumber(value, digits)} ${value === 1 ? 'day' : 'days'}`;
    case 'celsius':
      return `${formatNumber(value, digits)} °C`;
  }
}

/**
 * What was measured, for people: "91.3 %", "3.2 GiB", "12 ms", "running"; "unknown" where nothing could be measured.
 * With a `limit`, as many decimals are shown as it takes to tell the two apart, so that a mail never says
 * "90 %, limit above 90 %".
 */
export function formatValue(metric: MetricName, value: number | string | null, limit?: number): string {
  if (value === null) return 'unknown';
  const definition = metricDefinition(metric);
  if (typeof value === 'string' || definition.kind === 'state') return String(value);
  for (let extra = 0; ; extra++) {
    const text = formatUnit(definition.unit, value, extra);
    if (limit === undefined || value === limit || extra === 3) return text;
    if (text !== formatUnit(definition.unit, limit, extra)) return text;
  }
}

/** The parts of a condition that its limit is written from. */
export type LimitedCondition = Pick<ConditionSettings, 'metric' | 'above' | 'below' | 'is'>;

/** When a condition is met: "above 90 %", "below 10 GiB", "stopped". */
export function formatLimit(condition: LimitedCondition): string {
  const { metric, above, below, is } = condition;
  if (above !== undefined) return `above ${formatExactly(metric, above)}`;
  if (below !== undefined) return `below ${formatExactly(metric, below)}`;
  return is ?? 'any value';
}

/** A limit is somebody's own figure: it is shown with all its decimals, not rounded. */
function formatExactly(metric: MetricName, limit: number): string {
  const definition = metricDefinition(metric);
  if (definition.kind === 'state') return String(limit);
  return formatUnit(definition.unit, limit, 2);
}

/** The limit with the time for which it must be passed: "above 90 % for 5 min". */
export function formatRule(condition: LimitedCondition & Pick<ConditionSettings, 'forSeconds'>): string {
  const hold = condition.forSeconds > 0 ? ` for ${formatDuration(condition.forSeconds * 1000, 4)}` : '';
  return `${formatLimit(condition)}${hold}`;
}

/** What a condition watches: "Disk / used", "CPU used". */
export function conditionTitle(condition: Pick<ConditionSettings, 'metric' | 'target'>): string {
  const [before = '', after] = metricDefinition(condition.metric).label.split('{}');
  return after === undefined ? before : `${before}${condition.target ?? ''}${after}`;
}
