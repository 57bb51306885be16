import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clockTime,
  cronOf,
  type Schedule,
  scheduleOf,
  scheduleText,
  withKind,
} from '../../../renderer/model/schedule.ts';

describe('a schedule', () => {
  test.each<[cron: string | null, schedule: Schedule, words: string]>([
    [null, { kind: 'on-demand' }, 'On demand only'],
    ['0 8 * * *', { kind: 'daily', time: '08:00' }, 'Daily at 08:00'],
    ['30 17 * * 1-5', { kind: 'weekdays', time: '17:30' }, 'Weekdays at 17:30'],
    ['5 0 * * 0', { kind: 'weekly', time: '00:05', day: 0 }, 'Sundays at 00:05'],
    ['0 8 31 * *', { kind: 'monthly', time: '08:00', day: 31 }, 'On day 31 of the month at 08:00'],
  ])('%s is said as people say it', (cron, schedule, words) => {
    expect(scheduleOf(cron)).toEqual(schedule);
    expect(cronOf(schedule)).toBe(cron);
    expect(scheduleText(cron)).toBe(words);
  });

  test.each([
    '*/5 * * * *',
    '0 8 * 1 *',
    '0 8 1 * 1',
    '0 8 32 * *',
    '60 8 * * *',
    '0 24 * * *',
    '0 8 * * 7',
    '0 0 8 * * *',
    '',
    'nonsense',
  ])('%s is an expression of one’s own, and stays as it is', (cron) => {
    expect(scheduleOf(cron)).toEqual({ kind: 'own', cron });
    expect(cronOf(scheduleOf(cron))).toBe(cron);
  });

  test('any text comes back as the cron expression that it was, but for spaces at its ends', () => {
    fc.assert(
      fc.property(fc.string(), (cron) => {
        const back = cronOf(scheduleOf(cron));
        expect(back === cron.trim() || scheduleText(back) === scheduleText(cron)).toBe(true);
      }),
    );
  });

  test('another way of saying it keeps the time; one’s own begins with what was chosen', () => {
    const daily = scheduleOf('30 6 * * *');
    expect(withKind(daily, 'weekdays')).toEqual({ kind: 'weekdays', time: '06:30' });
    expect(withKind(daily, 'monthly')).toEqual({ kind: 'monthly', time: '06:30', day: 1 });
    expect(withKind(daily, 'own')).toEqual({ kind: 'own', cron: '30 6 * * *' });
  });
});

describe('a time of day', () => {
  test.each([
    ['08:00', '08:00'],
    ['8', '08:00'],
    ['8:05', '08:05'],
    ['7.30', '07:30'],
    ['2359', '23:59'],
    ['24:00', null],
    ['12:60', null],
    ['noon', null],
    ['', null],
  ])('“%s” is %s', (typed, time) => {
    expect(clockTime(typed)).toBe(time);
  });
});
