import type { Store } from '../../../mail/store.ts';
import { AVERAGE, DAY_FLOATS, FIVE_MINUTES_MS, HOUR_FLOATS, MINUTE_MS, SLOTS } from './history-schema.ts';
import { type PackedRow, packRow, unpackRow } from './packed-row.ts';
import { Tally } from './tally.ts';

const MINUTES_PER_AVERAGE = FIVE_MINUTES_MS / MINUTE_MS;

/**
 * Averages an hour that is over, from its minutes, into its row of 5-minute averages and its place in the row of its
 * day. A place that is filled already stays: the clock was set back into an hour that was averaged before, or the minutes
 * it was made from are gone. Series that are not `known` any more are left out.
 */
export function averageHour(store: Store, hour: number, known: ReadonlySet<number>): void {
  const fives: PackedRow = new Map();
  const whole: PackedRow = new Map();
  for (const [id, { parts, all }] of talliesOf(store, hour)) {
    if (!known.has(id) || all.isEmpty) continue;
    fives.set(id, placed(parts, 0, HOUR_FLOATS));
    whole.set(id, placed([all], hour - dayOf(hour) * 24, DAY_FLOATS));
  }
  mergeInto(store, 'history_hour', hour, fives, HOUR_FLOATS);
  mergeInto(store, 'history_day', dayOf(hour), whole, DAY_FLOATS);
  store.run('DELETE FROM history_open_hour WHERE start = ?', hour);
}

interface HourTallies {
  readonly parts: readonly Tally[];
  readonly all: Tally;
}

function talliesOf(store: Store, hour: number): Map<number, HourTallies> {
  const tallies = new Map<number, HourTallies>();
  const first = hour * 60;
  const rows = store.all(
    'SELECT start, data FROM history_minute WHERE start BETWEEN ? AND ?',
    first,
    first + 59,
  );
  for (const row of rows) {
    const part = Math.floor((Number(row['start']) - first) / MINUTES_PER_AVERAGE);
    for (const [id, slots] of unpackRow(row['data'], SLOTS)) {
      const known = tallies.get(id) ?? {
        parts: Array.from({ length: 12 }, () => new Tally()),
        all: new Tally(),
      };
      tallies.set(id, known);
      for (const value of slots) {
        if (!Number.isFinite(value)) continue;
        known.parts[part]?.add(value, value, value, 1);
        known.all.add(value, value, value, 1);
      }
    }
  }
  return tallies;
}

/** Averages as floats, the first of them at `place`; NaN everywhere else. */
function placed(tallies: readonly Tally[], place: number, floats: number): Float32Array {
  const values = new Float32Array(floats).fill(Number.NaN);
  for (const [index, tally] of tallies.entries()) {
    if (!tally.isEmpty) values.set([tally.min, tally.avg, tally.max], (place + index) * AVERAGE);
  }
  return values;
}

type AveragesTable = 'history_hour' | 'history_day';

function mergeInto(
  store: Store,
  table: AveragesTable,
  start: number,
  fresh: PackedRow,
  floats: number,
): void {
  const stored = store.get(`SELECT data FROM ${table} WHERE start = ?`, start);
  const row = unpackRow(stored?.['data'], floats);
  for (const [id, values] of fresh) {
    const before = row.get(id);
    if (before !== undefined) keepFilled(before, values);
    row.set(id, values);
  }
  store.run(`INSERT OR REPLACE INTO ${table} (start, data) VALUES (?, ?)`, start, packRow(row, floats));
}

function keepFilled(before: Float32Array, values: Float32Array): void {
  for (const [index, value] of before.entries()) if (!Number.isNaN(value)) values[index] = value;
}

/** Minutes are kept for so many hours in which something was measured: a day at the least. */
const HOURS_WITH_MINUTES = 24;
/** 5-minute averages, for so many days in which something was measured: today and 30 before. */
const DAYS_WITH_HOURS = 31;
/** Hourly averages: two years, one of them a leap year, and today. */
const DAYS_MAX = 732;

/**
 * Deletes what has had its time, counted in what there is and not by the clock: so many hours and days at or before
 * now, as many after it. A clock that was wrong for a while, or whose computer was off for a month, thus costs nothing of
 * what was kept, and however often it jumps there is never more than twice as much as without.
 */
export function prune(store: Store, nowHour: number): void {
  const nowDay = dayOf(nowHour);
  const minutes = limitsOf(store, 'history_hour', nowHour, HOURS_WITH_MINUTES);
  store.run(
    'DELETE FROM history_minute WHERE start < ? OR start > ?',
    minutes.first * 60,
    minutes.last * 60 + 59,
  );
  const hours = limitsOf(store, 'history_day', nowDay, DAYS_WITH_HOURS);
  store.run('DELETE FROM history_hour WHERE start < ? OR start > ?', hours.first * 24, hours.last * 24 + 23);
  const days = limitsOf(store, 'history_day', nowDay, DAYS_MAX);
  store.run('DELETE FROM history_day WHERE start < ? OR start > ?', days.first, days.last);
}

/** Where the dates of no clock reach: years before and after which nothing is ever found. */
const FARTHEST = 2 ** 40;

function limitsOf(store: Store, table: AveragesTable, now: number, count: number) {
  const before = `SELECT start FROM ${table} WHERE start <= ? ORDER BY start DESC LIMIT 1 OFFSET ?`;
  const after = `SELECT start FROM ${table} WHERE start > ? ORDER BY start LIMIT 1 OFFSET ?`;
  return {
    first: Number(store.get(before, now, count - 1)?.['start'] ?? -FARTHEST),
    last: Number(store.get(after, now, count - 1)?.['start'] ?? FARTHEST),
  };
}

function dayOf(hour: number): number {
  return Math.floor(hour / 24);
}
