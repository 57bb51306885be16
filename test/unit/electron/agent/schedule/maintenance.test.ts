import { describe, expect, test } from 'vitest';
import { openWindow } from '../../../../../electron/agent/schedule/maintenance.ts';

// Every day at 02:00, by this computer's own clock, as cron expressions are read.
const NIGHTLY = { name: 'Nightly', cron: '0 2 * * *', minutes: 120 };
const LONG = { name: 'Long', cron: '0 1 * * *', minutes: 1440 };
const MINUTELY = { name: 'Minutely', cron: '* * * * *', minutes: 10_080 };
const at = (hour: number, minute = 0) => new Date(2026, 0, 5, hour, minute).getTime();

describe('maintenance windows', () => {
  test.each([
    { rule: 'closed before it begins', now: at(1, 59), open: null },
    { rule: 'open from its first moment', now: at(2), open: at(4) },
    { rule: 'open until its last', now: at(3, 59), open: at(4) },
    { rule: 'closed at its end', now: at(4), open: null },
  ])('$rule', ({ now, open }) => {
    expect(openWindow([NIGHTLY], now)?.until ?? null).toBe(open);
  });

  test('of several, the one that closes last is named', () => {
    expect(openWindow([NIGHTLY, LONG], at(3))).toEqual({ name: 'Long', until: at(25) });
  });

  test('one that begins before it has ended goes on', () => {
    expect(openWindow([MINUTELY], at(3))?.until).toBe(at(3) + 10_080 * 60_000);
  });

  test('none are open where none are set', () => {
    expect(openWindow([], at(3))).toBeNull();
  });
});
