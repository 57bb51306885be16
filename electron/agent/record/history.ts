import type { Store } from '../../../mail/store.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { HistoryPoint, HistorySeries } from '../../../shared/model/history.ts';
import { METRIC_NAMES } from '../../../shared/model/metrics.ts';
import { type MetricRequest, requestKey, type Sample } from '../../../shared/model/sample.ts';
import { averageHour, prune } from './history-averages.ts';
import { readHistory } from './history-read.ts';
import { HOUR_MS, MINUTE_MS, SLOT_MS, SLOTS } from './history-schema.ts';
import { packRow, unpackRow } from './packed-row.ts';

/**
 * Measured numbers over time: the mean of every 10 s for a day, 5-minute averages with lowest and highest for 30 days,
 * hourly ones for two years. States are not kept, nor is what could not be measured: that is a gap.
 *
 * Measured (node 24, SQLite 3.53, random values) with 50 series every 10 s: the file is 3.1 MiB after the first day, 3.6
 * after the third, and stays at 21 MiB from the second year on: 60 KiB of minutes, 170 of 5-minute averages and 240 of
 * hourly ones for each series. Recording 50 samples takes 40 µs of CPU, the writing and averaging included; 24 stretches
 * of a day are read in 1 ms, 28 of a week in 0.2 ms.
 */
export interface History {
  /**
   * Keeps the numbers among these samples, under the time at which this is called. What is kept stays in memory until
   * its minute is over and is then written in one transaction, so a crash loses a minute. A failed write is thrown, and
   * the minute is lost.
   */
  record(samples: readonly Sample[]): void;
  /** Writes what is in memory: when the agent stops. */
  flush(): void;
  /**
   * What was measured from `from` until `to` (wall-clock milliseconds), in `points` equal stretches; those in which
   * nothing was measured are left out.
   */
  read(request: MetricRequest, from: number, to: number, points: number): HistoryPoint[];
  /** Everything of which there is history. */
  series(): HistorySeries[];
}

/**
 * So many series are kept at once, which bounds the database. Where there are more, one that was not measured for a day
 * gives its place to a new one; else the new one is not kept.
 */
export const SERIES_MAX = 500;

const DAY_MS = 24 * HOUR_MS;

/** The largest number that a 32-bit float holds (IEEE 754). */
const FLOAT_MAX = (2 - 2 ** -23) * 2 ** 127;

/** A series, and what was measured of it in the minute that is not written yet. */
interface Series {
  readonly request: MetricRequest;
  readonly since: number;
  readonly sums: number[];
  readonly counts: number[];
  lastAt: number;
  /** Null until it is stored. */
  id: number | null;
  /** Whether `sums` and `counts` hold anything. */
  touched: boolean;
}

/** History in the database of the agent. Nothing is read or written before something is recorded or asked. */
export function createHistory(store: Store, clock: Clock): History {
  return new StoredHistory(store, clock);
}

class StoredHistory implements History {
  readonly #store: Store;
  readonly #clock: Clock;
  #series: Map<string, Series> | null = null;
  #openHours: Set<number> | null = null;
  #minute = Number.NaN;
  #noRoomUntilMs = Number.NEGATIVE_INFINITY;
  /** Numbers of series that gave up their places, still to be deleted. */
  #forgotten: number[] = [];

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  record(samples: readonly Sample[]): void {
    const now = this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) this.#turnTo(minute);
    const slot = Math.floor((now - minute * MINUTE_MS) / SLOT_MS);
    for (const { request, reading } of samples) {
      const { value } = reading;
      if (typeof value !== 'number' || !(Math.abs(value) <= FLOAT_MAX)) continue;
      const series = this.#seriesFor(request, now);
      if (series === null) continue;
      series.touched = true;
      series.lastAt = now;
      series.sums[slot] = (series.sums[slot] ?? 0) + value;
      series.counts[slot] = (series.counts[slot] ?? 0) + 1;
    }
  }

  flush(): void {
    this.#turnTo(Math.floor(this.#clock.now() / MINUTE_MS));
  }

  read(request: MetricRequest, from: number, to: number, points: number): HistoryPoint[] {
    const series = this.#all().get(requestKey(request));
    if (series === undefined) return [];
    const unwritten = series.touched ? { minute: this.#minute, slots: slotsOf(series) } : null;
    const openHours = this.#open();
    return readHistory(this.#store, { id: series.id, from, to, points, openHours, unwritten });
  }

  series(): HistorySeries[] {
    return [...this.#all().values()].map(({ request, since, lastAt }) => ({ request, since, lastAt }));
  }

  /** Writes the minute that is in memory, if there is anything in it, and begins another. */
  #turnTo(minute: number): void {
    const touched = [...this.#all().values()].filter((series) => series.touched);
    const fresh = touched.filter((series) => series.id === null);
    try {
      if (touched.length > 0) {
        this.#store.transaction(() => this.#write(touched, fresh, Math.floor(minute / 60)));
        this.#forgotten = [];
      }
    } catch (error) {
      for (const series of fresh) series.id = null;
      this.#openHours = null;
      throw error;
    } finally {
      for (const series of touched) forget(series);
      this.#minute = minute;
    }
  }

  #write(touched: readonly Series[], fresh: readonly Series[], nowHour: number): void {
    const store = this.#store;
    for (const series of fresh) series.id = this.#insert(series);
    for (const id of this.#forgotten) store.run('DELETE FROM history_series WHERE id = ?', id);
    const before = store.get('SELECT data FROM history_minute WHERE start = ?', this.#minute);
    const row = unpackRow(before?.['data'], SLOTS);
    for (const series of touched) {
      const slots = row.get(series.id ?? -1) ?? new Float32Array(SLOTS).fill(Number.NaN);
      for (const [index, value] of slotsOf(series).entries()) if (value !== null) slots[index] = value;
      row.set(series.id ?? -1, slots);
    }
    const data = packRow(row, SLOTS);
    store.run('INSERT OR REPLACE INTO history_minute (start, data) VALUES (?, ?)', this.#minute, data);
    this.#average(Math.floor(this.#minute / 60), nowHour);
  }

  /** Averages the hours that are over. Usually there is none, and once an hour one. */
  #average(writtenHour: number, nowHour: number): void {
    const store = this.#store;
    const open = this.#open();
    if (!open.has(writtenHour)) {
      store.run('INSERT OR IGNORE INTO history_open_hour (start) VALUES (?)', writtenHour);
      open.add(writtenHour);
    }
    const over = [...open].filter((hour) => hour !== nowHour);
    if (over.length === 0) return;
    const series = [...this.#all().values()].filter(({ id }) => id !== null);
    const known = new Set(series.map(({ id }) => id ?? -1));
    for (const hour of over) {
      averageHour(store, hour, known);
      open.delete(hour);
    }
    prune(store, nowHour);
    for (const { id, lastAt } of series) {
      store.run('UPDATE history_series SET last_at = ? WHERE id = ?', Math.round(lastAt), id);
    }
  }

  #seriesFor(request: MetricRequest, now: number): Series | null {
    const all = this.#all();
    const key = requestKey(request);
    const known = all.get(key);
    if (known !== undefined) return known;
    if (all.size >= SERIES_MAX && !this.#makeRoom(now)) return null;
    const made = newSeries(request, now, now, null);
    all.set(key, made);
    return made;
  }

  /** Takes the place of the series that was not measured for the longest time. Where all are in use, asks again in an hour. */
  #makeRoom(now: number): boolean {
    if (this.#clock.monotonic() < this.#noRoomUntilMs) return false;
    const all = this.#all();
    const idleMs = (series: Series) => Math.abs(now - series.lastAt);
    const [key, series] = [...all].reduce((found, entry) =>
      idleMs(entry[1]) > idleMs(found[1]) ? entry : found,
    );
    if (idleMs(series) <= DAY_MS) {
      this.#noRoomUntilMs = this.#clock.monotonic() + HOUR_MS;
      return false;
    }
    all.delete(key);
    if (series.id !== null) this.#forgotten.push(series.id);
    return true;
  }

  #insert({ request, since, lastAt }: Series): number {
    const { metric, target } = request;
    const insert = 'INSERT INTO history_series (metric, target, since, last_at) VALUES (?, ?, ?, ?)';
    this.#store.run(insert, metric, target, Math.round(since), Math.round(lastAt));
    return Number(this.#store.get('SELECT last_insert_rowid() AS id')?.['id']);
  }

  #all(): Map<string, Series> {
    if (this.#series !== null) return this.#series;
    const rows = this.#store.all('SELECT id, metric, target, since, last_at FROM history_series');
    const all = new Map<string, Series>();
    for (const row of rows) {
      // Of a newer version: passed over until that one comes back.
      const metric = METRIC_NAMES.find((name) => name === row['metric']);
      if (metric === undefined) continue;
      const target = typeof row['target'] === 'string' ? row['target'] : null;
      const request = { metric, target };
      const series = newSeries(request, Number(row['since']), Number(row['last_at']), Number(row['id']));
      all.set(requestKey(request), series);
    }
    this.#series = all;
    return all;
  }

  #open(): Set<number> {
    this.#openHours ??= new Set(
      this.#store.all('SELECT start FROM history_open_hour').map((row) => Number(row['start'])),
    );
    return this.#openHours;
  }
}

function newSeries(request: MetricRequest, since: number, lastAt: number, id: number | null): Series {
  const none = () => Array.from({ length: SLOTS }, () => 0);
  return { request, since, lastAt, id, sums: none(), counts: none(), touched: false };
}

function forget(series: Series): void {
  series.sums.fill(0);
  series.counts.fill(0);
  series.touched = false;
}

/** The mean of what was measured in each slot of the minute. */
function slotsOf({ sums, counts }: Series): (number | null)[] {
  return sums.map((sum, slot) => {
    const count = counts[slot] ?? 0;
    return count === 0 ? null : sum / count;
  });
}
