import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHistory } from '../../../../../electron/agent/record/history.ts';
import type { HistoryPoint } from '../../../../../shared/model/history.ts';
import type { MetricRequest } from '../../../../../shared/model/sample.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';

import { CPU, HistoryRig, START } from '../../../../fakes/history-rig.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const DISK: MetricRequest = { metric: 'disk.usedPercent', target: '/' };

let rig: HistoryRig;
beforeEach(() => {
  rig = new HistoryRig();
});

const avgs = (points: readonly HistoryPoint[]) => points.map(({ avg }) => avg);

describe('what was recorded is read back', () => {
  test('as the mean of every 10 s', () => {
    rig.measure(MINUTE, 5 * SECOND, (passed) => passed / SECOND);
    const points = rig.history.read(CPU, START, START + MINUTE, 6);
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
    rig.measure(MINUTE / 2, 10 * SECOND, () => 7);
    expect(rig.transactions).toBe(0);
    const before = rig.history.read(CPU, START, START + MINUTE, 6);
    rig.history.flush();
    expect(rig.transactions).toBe(1);
    expect(rig.history.read(CPU, START, START + MINUTE, 6)).toEqual(before);
    expect(avgs(before)).toEqual([7, 7, 7]);
  });

  test('the series apart, states and what is unknown not at all', () => {
    rig.history.record([
      rig.sample(CPU, 20),
      rig.sample(DISK, 80),
      rig.sample({ metric: 'service.state', target: 'spooler' }, 'running'),
      rig.sample({ metric: 'swap.usedPercent', target: null }, null),
      rig.sample({ metric: 'memory.usedPercent', target: null }, Number.NaN),
    ]);
    rig.history.flush();
    expect(avgs(rig.history.read(DISK, START, START + MINUTE, 1))).toEqual([80]);
    expect(rig.history.series().map(({ request }) => request)).toEqual([CPU, DISK]);
    expect(rig.history.series()[0]).toMatchObject({ since: START, lastAt: START });
  });

  test('a gap is left out, and is not zero', () => {
    rig.measure(10 * MINUTE, MINUTE, () => 5);
    rig.pass(10 * MINUTE);
    rig.measure(10 * MINUTE, MINUTE, () => 6);
    const points = rig.history.read(CPU, START, START + 30 * MINUTE, 3);
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
    rig.measure(MINUTE, 10 * SECOND, () => 5);
    expect(rig.history.read(CPU, from, to, points)).toEqual([]);
  });

  test('nothing of what was never measured', () => {
    expect(rig.history.read(DISK, START, START + HOUR, 4)).toEqual([]);
    expect(rig.history.series()).toEqual([]);
  });

  test('whatever the values, times and stretches: each stretch says lowest, mean and highest of its own', () => {
    const numbers = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const values = fc.array(numbers, { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (measured, points) => {
        rig.clock = new FakeClock(START + HOUR - 10 * MINUTE);
        rig.history = createHistory(memoryStore(), rig.clock);
        const from = rig.clock.now();
        rig.measure(measured.length * 10 * SECOND, 10 * SECOND, (passed) => measured[passed / 10_000] ?? 0);
        const to = rig.clock.now();
        const found = rig.history.read(CPU, from, to, points);
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
    rig.measure(HOUR + MINUTE, 10 * SECOND, (passed) => (passed / SECOND) % 300);
    rig.store.run('DELETE FROM history_minute');
    const points = rig.history.read(CPU, START, START + HOUR, 12);
    // A stretch of 5 min is finer than two averages, so minutes are asked for first; they are gone.
    expect(points).toHaveLength(12);
    for (const point of points) expect(point).toMatchObject({ min: 0, avg: 145, max: 290 });
  });

  test('of an hour and of a day are those of what was measured', () => {
    rig.measure(2 * DAY, MINUTE, (passed) => Math.floor(passed / HOUR));
    const hours = rig.history.read(CPU, START, START + 2 * DAY, 48);
    expect(avgs(hours)).toEqual(Array.from({ length: 48 }, (_, hour) => hour));
    const days = rig.history.read(CPU, START, START + 2 * DAY, 2);
    expect(days).toEqual([
      { at: START, min: 0, avg: 11.5, max: 23 },
      { at: START + DAY, min: 24, avg: 35.5, max: 47 },
    ]);
  });

  test('what is not averaged yet is read from its minutes', () => {
    rig.measure(HOUR + 20 * MINUTE, MINUTE, () => 9);
    expect(avgs(rig.history.read(CPU, START, START + 2 * HOUR, 2))).toEqual([9, 9]);
    expect(rig.rows('open_hour')).toBe(1);
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
    rig.measure(30 * HOUR, MINUTE, () => 10);
    const end = rig.clock.now();
    const before = rig.history.read(CPU, START, end - 2 * HOUR, 56);
    rig.pass(jumpMs);
    rig.measure(2 * HOUR, MINUTE, () => 20);
    rig.pass(-jumpMs);
    rig.measure(3 * HOUR, MINUTE, () => 10);
    const after = rig.history.read(CPU, START, end - 2 * HOUR, 56);
    expect(after.map(({ at }) => at)).toEqual(before.map(({ at }) => at));
    for (const point of rig.history.read(CPU, START - 2 * YEAR, START + 2 * YEAR, 4 * 365)) {
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
          rig.clock = new FakeClock(START);
          rig.store = memoryStore();
          rig.history = createHistory(rig.store, rig.clock);
          for (const jump of jumps) {
            rig.measure(3 * MINUTE, MINUTE, () => 1);
            rig.pass(jump * direction);
          }
          rig.history.flush();
          expect(rig.rows('minute')).toBeLessThanOrEqual(2 * 24 * 3 + 6);
          expect(rig.rows('hour')).toBeLessThanOrEqual(2 * 31 * 2);
          expect(rig.rows('open_hour')).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 10 },
    );
  });
});
