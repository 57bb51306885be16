import { beforeEach, describe, expect, test } from 'vitest';
import { createHistory, SERIES_MAX } from '../../../../../electron/agent/record/history.ts';
import type { HistoryPoint } from '../../../../../shared/model/history.ts';
import type { MetricRequest } from '../../../../../shared/model/sample.ts';

import { CPU, HistoryRig, START } from '../../../../fakes/history-rig.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DISK: MetricRequest = { metric: 'disk.usedPercent', target: '/' };

let rig: HistoryRig;
beforeEach(() => {
  rig = new HistoryRig();
});

const avgs = (points: readonly HistoryPoint[]) => points.map(({ avg }) => avg);

describe('how often and how much is written', () => {
  test('once a minute, however often is measured', () => {
    rig.measure(HOUR, SECOND, () => 1);
    expect(rig.transactions).toBe(59);
    expect(rig.rows('minute')).toBe(59);
  });

  test('a day of 10 series stays within its size', () => {
    // 6 slots of 4 bytes and a number of 4 for each minute; 12 and 24 averages of 3 figures. Measured on disk with 50
    // series: 3.1 MiB for the first day. A quarter of a day is enough to see it here.
    const pages = () => Number(rig.store.get('PRAGMA page_count')?.['page_count']);
    const before = pages();
    const requests = Array.from({ length: 10 }, (_, disk) => ({ ...DISK, target: `/disk-${disk}` }));
    for (let slot = 0; slot < 6 * 360; slot++) {
      rig.history.record(requests.map((request, index) => rig.sample(request, index + slot / 7)));
      rig.pass(10 * SECOND);
    }
    rig.history.flush();
    const size = (table: string) =>
      Number(rig.store.get(`SELECT sum(length(data)) AS n FROM history_${table}`)?.['n']);
    expect(size('minute')).toBe(360 * 10 * 28);
    expect(size('hour')).toBeLessThanOrEqual(6 * 10 * 148);
    expect(size('day')).toBeLessThanOrEqual(10 * 292);
    expect((pages() - before) * 4096).toBeLessThan(150 * 1024);
  });

  test('a failed write is told, loses its minute and nothing else', () => {
    rig.measure(MINUTE, 10 * SECOND, () => 1);
    const { run } = rig.store;
    rig.store.run = () => {
      throw new Error('database or disk is full');
    };
    expect(() => rig.history.record([rig.sample(CPU, 2)])).toThrow('disk is full');
    rig.store.run = run;
    rig.pass(MINUTE);
    rig.measure(2 * MINUTE, 10 * SECOND, () => 3);
    rig.history.flush();
    expect(avgs(rig.history.read(CPU, START, START + 4 * MINUTE, 4))).toEqual([3, 3]);
  });

  test('when there is no room for another series, one that is long out of use makes way', () => {
    const request = (disk: number) => ({ ...DISK, target: `/disk-${disk}` });
    rig.history.record(Array.from({ length: SERIES_MAX }, (_, disk) => rig.sample(request(disk), disk)));
    rig.history.record([rig.sample(CPU, 1)]);
    expect(rig.history.series()).toHaveLength(SERIES_MAX);
    rig.pass(2 * DAY);
    rig.history.record(
      Array.from({ length: SERIES_MAX - 1 }, (_, disk) => rig.sample(request(disk + 1), disk)),
    );
    rig.history = createHistory(rig.store, rig.clock);
    rig.history.record([rig.sample(CPU, 1)]);
    rig.history.flush();
    expect(rig.history.series()).toHaveLength(SERIES_MAX);
    expect(rig.history.series().map(({ request }) => request.target)).not.toContain('/disk-0');
    expect(avgs(rig.history.read(CPU, rig.clock.now() - HOUR, rig.clock.now() + HOUR, 1))).toEqual([1]);
  });
});

describe('what is kept for how long', () => {
  /** One measurement every 10 min is enough to see which rows stay. */
  const days = (count: number) => rig.measure(count * DAY, 10 * MINUTE, (passed) => passed / DAY);

  test('minutes for a day, 5-minute averages for 30 days, hourly ones for two years', () => {
    days(40);
    const now = rig.clock.now();
    const oldest = (table: string) =>
      Number(rig.store.get(`SELECT min(start) AS n FROM history_${table}`)?.['n']);
    expect(now - oldest('minute') * MINUTE).toBeGreaterThanOrEqual(DAY);
    expect(now - oldest('minute') * MINUTE).toBeLessThan(DAY + 2 * HOUR);
    expect(now - oldest('hour') * HOUR).toBeGreaterThanOrEqual(30 * DAY);
    expect(now - oldest('hour') * HOUR).toBeLessThan(32 * DAY);
    expect(oldest('day') * DAY).toBe(START);
    const week = rig.history.read(CPU, START, START + 7 * DAY, 7);
    expect(avgs(week).map(Math.floor)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('no more than two years', () => {
    rig.measure(800 * DAY, 12 * HOUR, () => 1);
    expect(rig.rows('day')).toBe(732);
    expect(rig.rows('hour')).toBeLessThan(32 * 24);
    expect(rig.rows('minute')).toBeLessThan(60);
  });

  test('a computer that was off for a month loses nothing by it', () => {
    days(2);
    rig.pass(60 * DAY);
    rig.measure(HOUR + MINUTE, 10 * SECOND, () => 1);
    expect(rig.history.read(CPU, START, START + 2 * DAY, 48)).toHaveLength(48);
    expect(rig.rows('minute')).toBeGreaterThan(60 + 100);
  });
});

describe('a restart', () => {
  test('goes on where it was, within the same minute too', () => {
    rig.measure(20 * SECOND, 10 * SECOND, () => 1);
    rig.history.flush();
    rig.history = createHistory(rig.store, rig.clock);
    rig.measure(2 * MINUTE, 10 * SECOND, () => 2);
    rig.history.flush();
    expect(avgs(rig.history.read(CPU, START, START + MINUTE, 6))).toEqual([1, 1, 2, 2, 2, 2]);
    expect(rig.history.series()).toHaveLength(1);
    expect(rig.history.series()[0]).toMatchObject({ since: START });
  });

  test('after a crash averages the hour that was left over', () => {
    rig.measure(30 * MINUTE, 10 * SECOND, () => 4);
    rig.history = createHistory(rig.store, rig.clock);
    rig.pass(5 * HOUR);
    rig.measure(2 * MINUTE, 10 * SECOND, () => 5);
    expect(rig.rows('hour')).toBe(1);
    expect(avgs(rig.history.read(CPU, START, START + 6 * HOUR, 6))).toEqual([4, 5]);
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
    rig.measure(3 * HOUR, MINUTE, () => 6);
    for (const [table, unit] of [
      ['minute', MINUTE],
      ['hour', HOUR],
      ['day', DAY],
    ] as const) {
      rig.store.run(`UPDATE history_${table} SET data = ? WHERE start = ?`, data, START / unit);
    }
    rig.history = createHistory(rig.store, rig.clock);
    rig.measure(2 * HOUR, MINUTE, () => 6);
    for (const points of [1, 5, 60, 300]) {
      for (const point of rig.history.read(CPU, START, START + 5 * HOUR, points)) {
        expect(point).toMatchObject({ min: 6, avg: 6, max: 6 });
      }
    }
    expect(avgs(rig.history.read(CPU, START + 2 * HOUR, START + 5 * HOUR, 3))).toEqual([6, 6, 6]);
  });

  test('an average that lies below its lowest is none', () => {
    rig.measure(3 * HOUR, MINUTE, () => 6);
    rig.store.run(
      'UPDATE history_hour SET data = ? WHERE start = ?',
      rowOfOne([9, 5, 1]).slice(0, 148),
      START / HOUR,
    );
    rig.store.run('DELETE FROM history_minute');
    const points = rig.history.read(CPU, START, START + 2 * HOUR, 12);
    expect(points.map(({ at }) => at)).toEqual([6, 7, 8, 9, 10, 11].map((ten) => START + ten * 10 * MINUTE));
  });

  test('emptied tables fill again', () => {
    rig.measure(3 * HOUR, MINUTE, () => 6);
    for (const table of ['series', 'minute', 'hour', 'day', 'open_hour'])
      rig.store.run(`DELETE FROM history_${table}`);
    rig.history = createHistory(rig.store, rig.clock);
    expect(rig.history.read(CPU, START, rig.clock.now(), 3)).toEqual([]);
    rig.measure(2 * HOUR, MINUTE, () => 7);
    expect(avgs(rig.history.read(CPU, START, START + 5 * HOUR, 5))).toEqual([7, 7]);
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
