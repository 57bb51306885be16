import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHistory, type History, SERIES_MAX } from '../../../../../electron/agent/record/history.ts';
import type { Store } from '../../../../../mail/store.ts';
import type { HistoryPoint } from '../../../../../shared/model/history.ts';
import type { MetricRequest, Reading, Sample } from '../../../../../shared/model/sample.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const CPU: MetricRequest = { metric: 'cpu.usedPercent', target: null };
const DISK: MetricRequest = { metric: 'disk.usedPercent', target: '/' };

/** Mon 5 Jan 2026, 00:00 UTC. */
const START = Date.UTC(2026, 0, 5);

let clock: FakeClock;
let store: Store;
let history: History;
let transactions: number;

beforeEach(() => {
  clock = new FakeClock(START);
  const real = memoryStore();
  transactions = 0;
  store = {
    ...real,
    transaction(work) {
      transactions += 1;
      return real.transaction(work);
    },
  };
  history = createHistory(store, clock);
});

function sample(request: MetricRequest, value: number | string | null): Sample {
  const reading: Reading = value === null ? { value, unknown: 'cannot be read' } : { value };
  return { request, reading, at: clock.now() };
}

/** Time passes without a turn of the event loop, of which a day of checks would take a second. */
function pass(ms: number): void {
  void clock.advance(0);
  clock.jump(ms);
}

/** Measures every `everyMs` for a time; `value` is given how much of it has passed. */
function measure(forMs: number, everyMs: number, value: (passedMs: number) => number, request = CPU): void {
  for (let passed = 0; passed < forMs; passed += everyMs) {
    history.record([sample(request, value(passed))]);
    pass(everyMs);
  }
}

const rows = (table: string) => Number(store.get(`SELECT count(*) AS n FROM history_${table}`)?.['n']);
const avgs = (points: readonly HistoryPoint[]) => points.map(({ avg }) => avg);

describe('what was recorded is read back', () => {
  test('as the mean of every 10 s', () => {
    measure(MINUTE, 5 * SECOND, (passed) => passed / SECOND);
    const points = history.read(CPU, START, START + MINUTE, 6);
    expect(points.map(({ at, avg }) => [(at - START) / SECOND, avg])).toEqual([
      [0, 2.5],
      [10, 12.5],
      [20, 22.5],
      [30, 32.5],
      [40, 42.5],
      [50, 52.5],
    ]);
  });

  test('before it is written as well as after', () => {
    measure(MINUTE / 2, 10 * SECOND, () => 7);
    expect(transactions).toBe(0);
    const before = history.read(CPU, START, START + MINUTE, 6);
    history.flush();
    expect(transactions).toBe(1);
    expect(history.read(CPU, START, START + MINUTE, 6)).toEqual(before);
    expect(avgs(before)).toEqual([7, 7, 7]);
  });

  test('the series apart, states and what is unknown not at all', () => {
    history.record([
      sample(CPU, 20),
      sample(DISK, 80),
      sample({ metric: 'service.state', target: 'spooler' }, 'running'),
      sample({ metric: 'swap.usedPercent', target: null }, null),
      sample({ metric: 'memory.usedPercent', target: null }, Number.NaN),
    ]);
    history.flush();
    expect(avgs(history.read(DISK, START, START + MINUTE, 1))).toEqual([80]);
    expect(history.series().map(({ request }) => request)).toEqual([CPU, DISK]);
    expect(history.series()[0]).toMatchObject({ since: START, lastAt: START });
  });

  test('a gap is left out, and is not zero', () => {
    measure(10 * MINUTE, MINUTE, () => 5);
    pass(10 * MINUTE);
    measure(10 * MINUTE, MINUTE, () => 6);
    const points = history.read(CPU, START, START + 30 * MINUTE, 3);
    expect(points.map(({ at, avg }) => [(at - START) / MINUTE, avg])).toEqual([
      [0, 5],
      [20, 6],
    ]);
  });

  test.each<[rule: string, from: number, to: number, points: number]>([
    ['no time at all', START, START, 5],
    ['the end before the beginning', START + HOUR, START, 5],
    ['no points', START, START + HOUR, 0],
    ['times that are none', Number.NaN, Number.NaN, 5],
  ])('nothing of %s', (_rule, from, to, points) => {
    measure(MINUTE, 10 * SECOND, () => 5);
    expect(history.read(CPU, from, to, points)).toEqual([]);
  });

  test('nothing of what was never measured', () => {
    expect(history.read(DISK, START, START + HOUR, 4)).toEqual([]);
    expect(history.series()).toEqual([]);
  });

  test('whatever the values, times and stretches: each stretch says lowest, mean and highest of its own', () => {
    const numbers = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const values = fc.array(numbers, { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (measured, points) => {
        clock = new FakeClock(START + HOUR - 10 * MINUTE);
        history = createHistory(memoryStore(), clock);
        const from = clock.now();
        measure(measured.length * 10 * SECOND, 10 * SECOND, (passed) => measured[passed / 10_000] ?? 0);
        const to = clock.now();
        const found = history.read(CPU, from, to, points);
        for (const { min, avg, max } of found) {
          expect(min).toBeLessThanOrEqual(avg);
          expect(avg).toBeLessThanOrEqual(max);
        }
        expect(Math.min(...found.map(({ min }) => min))).toBe(Math.min(...measured));
        expect(Math.max(...found.map(({ max }) => max))).toBe(Math.max(...measured));
      }),
      { numRuns: 50 },
    );
  });
});

describe('averages', () => {
  test('of 5 min with lowest and highest, once the hour is over', () => {
    measure(HOUR + MINUTE, 10 * SECOND, (passed) => (passed / SECOND) % 300);
    store.run('DELETE FROM history_minute');
    const points = history.read(CPU, START, START + HOUR, 12);
    // A stretch of 5 min is finer than two averages, so minutes are asked for first; they are gone.
    expect(points).toHaveLength(12);
    for (const point of points) expect(point).toMatchObject({ min: 0, avg: 145, max: 290 });
  });

  test('of an hour and of a day are those of what was measured', () => {
    measure(2 * DAY, MINUTE, (passed) => Math.floor(passed / HOUR));
    const hours = history.read(CPU, START, START + 2 * DAY, 48);
    expect(avgs(hours)).toEqual(Array.from({ length: 48 }, (_, hour) => hour));
    const days = history.read(CPU, START, START + 2 * DAY, 2);
    expect(days).toEqual([
      { at: START, min: 0, avg: 11.5, max: 23 },
      { at: START + DAY, min: 24, avg: 35.5, max: 47 },
    ]);
  });

  test('what is not averaged yet is read from its minutes', () => {
    measure(HOUR + 20 * MINUTE, MINUTE, () => 9);
    expect(avgs(history.read(CPU, START, START + 2 * HOUR, 2))).toEqual([9, 9]);
    expect(rows('open_hour')).toBe(1);
  });
});

describe('how often and how much is written', () => {
  test('once a minute, however often is measured', () => {
    measure(HOUR, SECOND, () => 1);
    expect(transactions).toBe(59);
    expect(rows('minute')).toBe(59);
  });

  test('a day of 10 series stays within its size', () => {
    // 6 slots of 4 bytes and a number of 4 for each minute; 12 and 24 averages of 3 figures. Measured on disk with 50
    // series: 3.1 MiB for the first day. A quarter of a day is enough to see it here.
    const pages = () => Number(store.get('PRAGMA page_count')?.['page_count']);
    const before = pages();
    const requests = Array.from({ length: 10 }, (_, disk) => ({ ...DISK, target: `/disk-${disk}` }));
    for (let slot = 0; slot < 6 * 360; slot++) {
      history.record(requests.map((request, index) => sample(request, index + slot / 7)));
      pass(10 * SECOND);
    }
    history.flush();
    const size = (table: string) =>
      Number(store.get(`SELECT sum(length(data)) AS n FROM history_${table}`)?.['n']);
    expect(size('minute')).toBe(360 * 10 * 28);
    expect(size('hour')).toBeLessThanOrEqual(6 * 10 * 148);
    expect(size('day')).toBeLessThanOrEqual(10 * 292);
    expect((pages() - before) * 4096).toBeLessThan(150 * 1024);
  });

  test('a failed write is told, loses its minute and nothing else', () => {
    measure(MINUTE, 10 * SECOND, () => 1);
    const { run } = store;
    store.run = () => {
      throw new Error('database or disk is full');
    };
    expect(() => history.record([sample(CPU, 2)])).toThrow('disk is full');
    store.run = run;
    pass(MINUTE);
    measure(2 * MINUTE, 10 * SECOND, () => 3);
    history.flush();
    expect(avgs(history.read(CPU, START, START + 4 * MINUTE, 4))).toEqual([3, 3]);
  });

  test('when there is no room for another series, one that is long out of use makes way', () => {
    const request = (disk: number) => ({ ...DISK, target: `/disk-${disk}` });
    history.record(Array.from({ length: SERIES_MAX }, (_, disk) => sample(request(disk), disk)));
    history.record([sample(CPU, 1)]);
    expect(history.series()).toHaveLength(SERIES_MAX);
    pass(2 * DAY);
    history.record(Array.from({ length: SERIES_MAX - 1 }, (_, disk) => sample(request(disk + 1), disk)));
    history = createHistory(store, clock);
    history.record([sample(CPU, 1)]);
    history.flush();
    expect(history.series()).toHaveLength(SERIES_MAX);
    expect(history.series().map(({ request }) => request.target)).not.toContain('/disk-0');
    expect(avgs(history.read(CPU, clock.now() - HOUR, clock.now() + HOUR, 1))).toEqual([1]);
  });
});

describe('what is kept for how long', () => {
  /** One measurement every 10 min is enough to see which rows stay. */
  const days = (count: number) => measure(count * DAY, 10 * MINUTE, (passed) => passed / DAY);

  test('minutes for a day, 5-minute averages for 30 days, hourly ones for two years', () => {
    days(40);
    const now = clock.now();
    const oldest = (table: string) =>
      Number(store.get(`SELECT min(start) AS n FROM history_${table}`)?.['n']);
    expect(now - oldest('minute') * MINUTE).toBeGreaterThanOrEqual(DAY);
    expect(now - oldest('minute') * MINUTE).toBeLessThan(DAY + 2 * HOUR);
    expect(now - oldest('hour') * HOUR).toBeGreaterThanOrEqual(30 * DAY);
    expect(now - oldest('hour') * HOUR).toBeLessThan(32 * DAY);
    expect(oldest('day') * DAY).toBe(START);
    const week = history.read(CPU, START, START + 7 * DAY, 7);
    expect(avgs(week).map(Math.floor)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('no more than two years', () => {
    measure(800 * DAY, 12 * HOUR, () => 1);
    expect(rows('day')).toBe(732);
    expect(rows('hour')).toBeLessThan(32 * 24);
    expect(rows('minute')).toBeLessThan(60);
  });

  test('a computer that was off for a month loses nothing by it', () => {
    days(2);
    pass(60 * DAY);
    measure(HOUR + MINUTE, 10 * SECOND, () => 1);
    expect(history.read(CPU, START, START + 2 * DAY, 48)).toHaveLength(48);
    expect(rows('minute')).toBeGreaterThan(60 + 100);
  });
});

describe('when the clock jumps', () => {
  test.each<[rule: string, jumpMs: number]>([
    ['an hour back', -HOUR],
    ['an hour forward', HOUR],
    ['a year back', -YEAR],
    ['a year forward', YEAR],
    ['to before the epoch', -60 * YEAR],
  ])('%s, and right again, what was kept stays and all that is read is sound', (_rule, jumpMs) => {
    measure(30 * HOUR, MINUTE, () => 10);
    const end = clock.now();
    const before = history.read(CPU, START, end - 2 * HOUR, 56);
    pass(jumpMs);
    measure(2 * HOUR, MINUTE, () => 20);
    pass(-jumpMs);
    measure(3 * HOUR, MINUTE, () => 10);
    const after = history.read(CPU, START, end - 2 * HOUR, 56);
    expect(after.map(({ at }) => at)).toEqual(before.map(({ at }) => at));
    for (const point of history.read(CPU, START - 2 * YEAR, START + 2 * YEAR, 4 * 365)) {
      expect([10, 20]).toContain(point.min);
      expect([10, 20]).toContain(point.max);
    }
  });

  test('for ever, it does not grow', () => {
    fc.assert(
      fc.property(
        // One way at a time and by hours at least: each burst falls into an hour of its own.
        fc.array(fc.integer({ min: 2 * HOUR, max: 3 * YEAR }), { minLength: 100, maxLength: 100 }),
        fc.constantFrom(1, -1),
        (jumps, direction) => {
          clock = new FakeClock(START);
          store = memoryStore();
          history = createHistory(store, clock);
          for (const jump of jumps) {
            measure(3 * MINUTE, MINUTE, () => 1);
            pass(jump * direction);
          }
          history.flush();
          expect(rows('minute')).toBeLessThanOrEqual(2 * 24 * 3 + 6);
          expect(rows('hour')).toBeLessThanOrEqual(2 * 31 * 2);
          expect(rows('open_hour')).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('a restart', () => {
  test('goes on where it was, within the same minute too', () => {
    measure(20 * SECOND, 10 * SECOND, () => 1);
    history.flush();
    history = createHistory(store, clock);
    measure(2 * MINUTE, 10 * SECOND, () => 2);
    history.flush();
    expect(avgs(history.read(CPU, START, START + MINUTE, 6))).toEqual([1, 1, 2, 2, 2, 2]);
    expect(history.series()).toHaveLength(1);
    expect(history.series()[0]).toMatchObject({ since: START });
  });

  test('after a crash averages the hour that was left over', () => {
    measure(30 * MINUTE, 10 * SECOND, () => 4);
    history = createHistory(store, clock);
    pass(5 * HOUR);
    measure(2 * MINUTE, 10 * SECOND, () => 5);
    expect(rows('hour')).toBe(1);
    expect(avgs(history.read(CPU, START, START + 6 * HOUR, 6))).toEqual([4, 5]);
  });
});

describe('damage', () => {
  test.each<[rule: string, data: Uint8Array]>([
    ['an empty row', new Uint8Array()],
    ['a row that is cut off', new Uint8Array(27)],
    ['noise', Uint8Array.from({ length: 28 * 5 }, (_, index) => (index * 197) % 256)],
    ['nothing but ones', new Uint8Array(28 * 5).fill(255)],
    ['a row of the right series without a number', rowOfOne([Number.NaN])],
    ['one with numbers beyond all measure', rowOfOne([Number.POSITIVE_INFINITY])],
  ])('%s costs what stood in it and nothing else', (_rule, data) => {
    measure(3 * HOUR, MINUTE, () => 6);
    for (const [table, unit] of [
      ['minute', MINUTE],
      ['hour', HOUR],
      ['day', DAY],
    ] as const) {
      store.run(`UPDATE history_${table} SET data = ? WHERE start = ?`, data, START / unit);
    }
    history = createHistory(store, clock);
    measure(2 * HOUR, MINUTE, () => 6);
    for (const points of [1, 5, 60, 300]) {
      for (const point of history.read(CPU, START, START + 5 * HOUR, points)) {
        expect(point).toMatchObject({ min: 6, avg: 6, max: 6 });
      }
    }
    expect(avgs(history.read(CPU, START + 2 * HOUR, START + 5 * HOUR, 3))).toEqual([6, 6, 6]);
  });

  test('an average that lies below its lowest is none', () => {
    measure(3 * HOUR, MINUTE, () => 6);
    store.run(
      'UPDATE history_hour SET data = ? WHERE start = ?',
      rowOfOne([9, 5, 1]).slice(0, 148),
      START / HOUR,
    );
    store.run('DELETE FROM history_minute');
    const points = history.read(CPU, START, START + 2 * HOUR, 12);
    expect(points.map(({ at }) => at)).toEqual([6, 7, 8, 9, 10, 11].map((ten) => START + ten * 10 * MINUTE));
  });

  test('emptied tables fill again', () => {
    measure(3 * HOUR, MINUTE, () => 6);
    for (const table of ['series', 'minute', 'hour', 'day', 'open_hour'])
      store.run(`DELETE FROM history_${table}`);
    history = createHistory(store, clock);
    expect(history.read(CPU, START, clock.now(), 3)).toEqual([]);
    measure(2 * HOUR, MINUTE, () => 7);
    expect(avgs(history.read(CPU, START, START + 5 * HOUR, 5))).toEqual([7, 7]);
  });
});

/** Series 1 with these floats, over and over. */
function rowOfOne(floats: readonly number[]): Uint8Array {
  const values = Float32Array.from({ length: 72 }, (_, index) => floats[index % floats.length] ?? 0);
  const data = new Uint8Array(4 + values.byteLength);
  data[0] = 1;
  data.set(new Uint8Array(values.buffer), 4);
  return data;
}
