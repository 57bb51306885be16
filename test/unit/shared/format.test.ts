import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  conditionTitle,
  formatBytes,
  formatDuration,
  formatLimit,
  formatRule,
  formatShortTime,
  formatTime,
  formatValue,
  type LimitedCondition,
} from '../../../shared/format.ts';
import { METRIC_NAMES, type MetricName } from '../../../shared/model/metrics.ts';

const KIB = 1024;
const GIB = 1024 ** 3;
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

describe('formatBytes', () => {
  test.each([
    ['small sizes are whole bytes', 812, '812 B'],
    ['nothing is 0 B', 0, '0 B'],
    ['units are binary', 3.2 * GIB, '3.2 GiB'],
    ['a whole number has no decimals', 512 * KIB * KIB, '512 MiB'],
    ['what rounds up to the next unit is written in it', 1024 ** 2 - 1, '1 MiB'],
    ['the largest unit takes the rest', 5000 * 1024 ** 5, '5,000 PiB'],
    ['a negative size keeps its sign', -2 * KIB, '-2 KiB'],
  ])('%s', (_rule, bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration', () => {
  test.each([
    ['nothing', 0, '0 s'],
    ['less than a second', 250, '250 ms'],
    ['seconds', 45 * S, '45 s'],
    ['minutes with seconds while they matter', 90 * S, '1 min 30 s'],
    ['from ten minutes on without seconds', 23 * MIN + 12 * S, '23 min'],
    ['hours and minutes', 4 * H + 10 * MIN, '4 h 10 min'],
    ['whole hours stand alone', 4 * H, '4 h'],
    ['days and hours', 3 * D + 2 * H + 59 * MIN, '3 d 2 h'],
    ['nothing is rounded up', 59 * MIN + 59 * S, '59 min'],
    ['days without hours do not skip to minutes', 3 * D + 5 * MIN, '3 d'],
    ['a clock set back gives no negative length', -5 * S, '0 s'],
    ['no number gives no length', Number.NaN, '0 s'],
  ])('%s', (_rule, ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('more parts make it exact', () => {
    expect(formatDuration(D + 2 * H + 3 * MIN + 4 * S, 4)).toBe('1 d 2 h 3 min 4 s');
  });
});

describe('formatShortTime', () => {
  test.each([
    ['to the minute', Date.UTC(2026, 10, 21, 19, 5, 59), 'UTC', 'Sat 21 Nov, 19:05'],
    ['in its zone', Date.UTC(2026, 10, 21, 23, 5), 'Europe/Berlin', 'Sun 22 Nov, 00:05'],
    ['no time at all', Number.NaN, 'UTC', 'an unknown time'],
  ])('%s', (_rule, ms, zone, text) => {
    expect(formatShortTime(ms, zone)).toBe(text);
  });
});

describe('formatTime', () => {
  const at = Date.UTC(2026, 10, 21, 19, 5, 12);

  test.each([
    ['UTC is named', at, 'UTC', 'Sat 21 Nov 2026, 19:05:12 UTC'],
    ['other zones by their offset', at, 'Europe/Berlin', 'Sat 21 Nov 2026, 20:05:12 UTC+1'],
    ['west of Greenwich', at, 'America/New_York', 'Sat 21 Nov 2026, 14:05:12 UTC-5'],
    ['half hours', at, 'Asia/Kolkata', 'Sun 22 Nov 2026, 00:35:12 UTC+5:30'],
    ['summer time', Date.UTC(2026, 6, 1, 12), 'Europe/Berlin', 'Wed 1 Jul 2026, 14:00:00 UTC+2'],
    ['London in winter is UTC', at, 'Europe/London', 'Sat 21 Nov 2026, 19:05:12 UTC'],
    ['midnight is hour 00', Date.UTC(2026, 8, 1), 'UTC', 'Tue 1 Sep 2026, 00:00:00 UTC'],
    ['an unknown zone is written in UTC', at, 'Moon/Tycho', 'Sat 21 Nov 2026, 19:05:12 UTC'],
    ['no time is said to be none', Number.NaN, 'UTC', 'at an unknown time'],
    ['nor one beyond the calendar', 9e15, 'UTC', 'at an unknown time'],
  ])('%s', (_rule, ms, zone, text) => {
    expect(formatTime(ms, zone)).toBe(text);
  });
});

describe('formatValue', () => {
  const rows: readonly [rule: string, metric: MetricName, value: number | string | null, text: string][] = [
    ['percentages have one decimal', 'disk.usedPercent', 91.34, '91.3 %'],
    ['and none where it is zero', 'disk.usedPercent', 91, '91 %'],
    ['ratios have two decimals', 'cpu.loadPerCore', 1.254, '1.25'],
    ['sizes are binary', 'memory.availableBytes', 3.2 * GIB, '3.2 GiB'],
    ['rates are per second', 'network.sentBytesPerSecond', 30 * KIB, '30 KiB/s'],
    ['counts are whole', 'process.count', 1200, '1,200'],
    ['times of answers are in ms', 'tcp.connectMilliseconds', 12.3, '12 ms'],
    ['ages are lengths of time', 'file.ageSeconds', 22_200, '6 h 10 min'],
    ['one day is singular', 'tls.expiresInDays', 1, '1 day'],
    ['several are plural', 'tls.expiresInDays', 214, '214 days'],
    ['temperatures are in °C', 'temperature.cpuCelsius', 55.4, '55 °C'],
    ['HTTP statuses are names, not numbers', 'http.status', 503, '503'],
    ['states are words', 'service.state', 'running', 'running'],
    ['what is not known says so', 'cpu.usedPercent', null, 'unknown'],
    ['a file of the future has a negative age', 'file.ageSeconds', -90, '-1 min 30 s'],
  ];

  test.each(rows)('%s', (_rule, metric, value, text) => {
    expect(formatValue(metric, value)).toBe(text);
  });

  test.each<[rule: string, metric: MetricName, value: number, limit: number, text: string]>([
    [
      'a value near its limit gets the decimals that tell them apart',
      'disk.usedPercent',
      90.04,
      90,
      '90.04 %',
    ],
    ['a value at its limit does not', 'disk.usedPercent', 90, 90, '90 %'],
    ['sizes too', 'disk.freeBytes', 10 * GIB - 30 * 1024 ** 2, 10 * GIB, '9.97 GiB'],
    ['and times', 'file.ageSeconds', 3725, 3720, '1 h 2 min 5 s'],
    ['beyond three more it is left', 'disk.usedPercent', 90.000001, 90, '90 %'],
  ])('%s', (_rule, metric, value, limit, text) => {
    expect(formatValue(metric, value, limit)).toBe(text);
  });

  test('every metric formats any number', () => {
    fc.assert(
      fc.property(fc.constantFrom(...METRIC_NAMES), fc.double(), fc.double(), (metric, value, limit) => {
        expect(formatValue(metric, value, limit)).not.toBe('');
      }),
    );
  });
});

describe('limits and titles', () => {
  test.each<[rule: string, condition: LimitedCondition, text: string]>([
    ['above', { metric: 'disk.usedPercent', above: 90 }, 'above 90 %'],
    ['below', { metric: 'disk.freeBytes', below: 10 * GIB }, 'below 10 GiB'],
    ['a state', { metric: 'service.state', is: 'stopped' }, 'stopped'],
    ['a limit is not rounded', { metric: 'disk.usedPercent', above: 92.125 }, 'above 92.125 %'],
    ['nor is a length of time', { metric: 'file.ageSeconds', above: 93_784 }, 'above 1 d 2 h 3 min 4 s'],
    ['a limit of 0 is one', { metric: 'mail.outboxAgeSeconds', above: 0 }, 'above 0 s'],
  ])('%s', (_rule, condition, text) => {
    expect(formatLimit(condition)).toBe(text);
  });

  test('a rule is the limit with its hold time', () => {
    expect(formatRule({ metric: 'disk.usedPercent', above: 90, forSeconds: 300 })).toBe(
      'above 90 % for 5 min',
    );
    expect(formatRule({ metric: 'disk.usedPercent', above: 90, forSeconds: 0 })).toBe('above 90 %');
  });

  test('a title names what is watched and on what', () => {
    expect(conditionTitle({ metric: 'disk.usedPercent', target: '/' })).toBe('Disk / used');
    expect(conditionTitle({ metric: 'cpu.usedPercent' })).toBe('CPU used');
  });
});
