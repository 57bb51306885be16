import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  GIVE_UP_AFTER_MS,
  LONGEST_WAIT_MS,
  nextAttemptAt,
  retryDelayMs,
} from '../../../mail/retry-policy.ts';

const MINUTE = 60_000;

describe('retry policy', () => {
  test.each([
    { attempts: 1, minutes: 1 },
    { attempts: 2, minutes: 2 },
    { attempts: 3, minutes: 4 },
    { attempts: 4, minutes: 8 },
    { attempts: 5, minutes: 16 },
    { attempts: 6, minutes: 30 },
    { attempts: 100, minutes: 30 },
  ])('waits $minutes min after try $attempts', ({ attempts, minutes }) => {
    expect(retryDelayMs(attempts, 0.5)).toBe(minutes * MINUTE);
  });

  test('spreads the steady wait by a tenth either way, and no further', () => {
    expect(retryDelayMs(9, 0)).toBe(27 * MINUTE);
    expect(retryDelayMs(9, 0.999_999)).toBeLessThanOrEqual(33 * MINUTE);
  });

  test('the last try falls on the time to give up, and none comes after it', () => {
    const giveUpAt = GIVE_UP_AFTER_MS;
    expect(nextAttemptAt(50, giveUpAt - MINUTE, giveUpAt, 0.5)).toBe(giveUpAt);
    expect(nextAttemptAt(51, giveUpAt, giveUpAt, 0.5)).toBeNull();
  });

  test('any next try lies ahead, within the longest wait', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, fraction) => {
          const next = nextAttemptAt(attempts, 1000, 1000 + GIVE_UP_AFTER_MS, fraction);
          expect(next).toBeGreaterThan(1000);
          expect(next).toBeLessThanOrEqual(1000 + LONGEST_WAIT_MS);
        },
      ),
    );
  });
});
