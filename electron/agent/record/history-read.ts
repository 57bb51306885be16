import type { Row, Store } from '../../../mail/store.ts';
import type { HistoryPoint } from '../../../shared/model/history.ts';
import {
  AVERAGE,
  DAY_FLOATS,
  FIVE_MINUTES_MS,
  HOUR_FLOATS,
  HOUR_MS,
  MINUTE_MS,
  SLOT_MS,
  SLOTS,
} from './history-schema.ts';
import { pickSeries } from './packed-row.ts';
import { Tally } from './tally.ts';

export interface HistoryQuery {
  /** The series' number; null where nothing of it is stored yet. */
  readonly id: number | null;
  /** Wall-clock milliseconds; `to` is not part of the stretch. */
  readonly from: number;
  readonly to: number;
  /** Into how many equal stretches it is divided. */
  readonly points: number;
  /** Hours whose minutes are not in the averages yet. */
  readonly openHours: ReadonlySet<number>;
  /** The minute that is still in memory. */
  readonly unwritten: { readonly minute: number; readonly slots: Slots } | null;
}

/**
 * Reads each hour from the coarsest table that still puts two figures into a stretch, or, where that has nothing of the
 * hour, from the next that has. Stretches in which nothing was measured are left out.
 */
export function readHistory(store: Store, query: HistoryQuery): HistoryPoint[] {
  const { id, from, to, points } = query;
  if (!(to > from) || points < 1) return [];
  const stretches = new Stretches(from, (to - from) / points, Math.floor(points));
  const fineOnly = stretches.widthMs < 2 * FIVE_MINUTES_MS;
  const hourly = stretches.widthMs >= 2 * HOUR_MS;
  const done = new Set<number>();

  const range = (unitMs: number) => [Math.floor(from / unitMs), Math.floor((to - 1) / unitMs)] as const;
  const rows = (table: 'history_minute' | 'history_hour' | 'history_day', first: number, last: number) =>
    id === null ? [] : store.all(`SELECT start, data FROM ${table} WHERE start BETWEEN ? AND ?`, first, last);

  const [firstMinute, lastMinute] = range(MINUTE_MS);
  const [firstHour, lastHour] = range(HOUR_MS);
  const minutes = fineOnly
    ? rows('history_minute', firstMinute, lastMinute)
    : [...query.openHours]
        .filter((hour) => hour >= firstHour && hour <= lastHour)
        .flatMap((hour) => rows('history_minute', hour * 60, hour * 60 + 59));
  const fives = new Map<number, Tally>();
  for (const { minute, slots } of minutesOf(minutes, query)) {
    done.add(Math.floor(minute / 60));
    if (fineOnly) stretches.addSlots(minute, slots);
    else addToAverage(fives, minute, slots);
  }
  for (const [five, { min, avg, max }] of fives) {
    stretches.add(five * FIVE_MINUTES_MS, FIVE_MINUTES_MS, min, avg, max);
  }
  for (const row of hourly ? [] : rows('history_hour', firstHour, lastHour)) {
    const hour = Number(row['start']);
    const averages = done.has(hour) ? null : pickSeries(row['data'], HOUR_FLOATS, id ?? -1);
    if (averages === null) continue;
    done.add(hour);
    stretches.addAverages(hour * HOUR_MS, FIVE_MINUTES_MS, averages, () => true);
  }
  for (const row of rows('history_day', Math.floor(firstHour / 24), Math.floor(lastHour / 24))) {
    const hour = Number(row['start']) * 24;
    const averages = pickSeries(row['data'], DAY_FLOATS, id ?? -1);
    if (averages === null) continue;
    stretches.addAverages(hour * HOUR_MS, HOUR_MS, averages, (index) => !done.has(hour + index));
  }
  return stretches.filled();
}

type Slots = readonly (number | null)[];

/** The minutes of the series, with what is newer in memory. */
function minutesOf(
  rows: readonly Row[],
  { id, unwritten }: HistoryQuery,
): { minute: number; slots: Slots }[] {
  const found = new Map<number, Slots>();
  for (const row of rows) {
    const slots = pickSeries(row['data'], SLOTS, id ?? -1);
    if (slots !== null) found.set(Number(row['start']), Array.from(slots));
  }
  if (unwritten !== null) {
    const stored = found.get(unwritten.minute) ?? [];
    const slots = unwritten.slots.map((value, index) => value ?? stored[index] ?? null);
    found.set(unwritten.minute, slots);
  }
  return [...found].map(([minute, slots]) => ({ minute, slots }));
}

/**
 * Averages as those that are stored: 5 min count alike, whether they were measured every 10 s or, on a computer that is
 * checked more seldom, once.
 */
function addToAverage(fives: Map<number, Tally>, minute: number, slots: Slots): void {
  const five = Math.floor((minute * MINUTE_MS) / FIVE_MINUTES_MS);
  for (const value of slots) {
    if (value === null || !Number.isFinite(value)) continue;
    const tally = fives.get(five) ?? new Tally();
    fives.set(five, tally);
    tally.add(value, value, value, 1);
  }
}

/** The stretches that were asked for, filled from figures of any length: each counts where its middle lies. */
class Stretches {
  readonly widthMs: number;
  readonly #from: number;
  readonly #count: number;
  readonly #tallies = new Map<number, Tally>();

  constructor(from: number, widthMs: number, count: number) {
    this.#from = from;
    this.widthMs = widthMs;
    this.#count = count;
  }

  addSlots(minute: number, slots: Slots): void {
    for (const [index, value] of slots.entries()) {
      if (value !== null) this.add(minute * MINUTE_MS + index * SLOT_MS, SLOT_MS, value, value, value);
    }
  }

  addAverages(at: number, spanMs: number, values: Float32Array, wanted: (index: number) => boolean): void {
    for (let index = 0; index < values.length / AVERAGE; index++) {
      const [min, avg, max] = values.subarray(index * AVERAGE);
      if (min === undefined || avg === undefined || max === undefined || !wanted(index)) continue;
      this.add(at + index * spanMs, spanMs, min, avg, max);
    }
  }

  add(at: number, spanMs: number, min: number, avg: number, max: number): void {
    // Of what still goes on at the end, the part before it: the last minutes belong to the last stretch.
    const end = Math.min(at + spanMs, this.#from + this.#count * this.widthMs);
    const index = at >= end ? -1 : Math.floor(((at + end) / 2 - this.#from) / this.widthMs);
    // Whatever a damaged row holds: a figure that cannot have been measured is none.
    const sound = min <= avg && avg <= max && Number.isFinite(max - min);
    if (!sound || index < 0 || index >= this.#count) return;
    const tally = this.#tallies.get(index) ?? new Tally();
    this.#tallies.set(index, tally);
    tally.add(min, avg, max, spanMs);
  }

  filled(): HistoryPoint[] {
    return [...this.#tallies]
      .toSorted(([left], [right]) => left - right)
      .map(([index, { min, avg, max }]) => ({ at: this.#from + index * this.widthMs, min, avg, max }));
  }
}
