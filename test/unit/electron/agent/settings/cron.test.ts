import { describe, expect, test } from 'vitest';
import { nextRunsAt } from '../../../../../electron/agent/settings/cron.ts';

const HOUR_MS = 3_600_000;

describe('the next times of a schedule', () => {
  test('come in their order, as many as were asked for', () => {
    const now = Date.UTC(2026, 0, 5, 12, 30);
    const times = nextRunsAt('0 * * * *', 3, now);
    expect(times).toEqual([1, 2, 3].map((count) => now - HOUR_MS / 2 + count * HOUR_MS));
  });

  test('are fewer where it falls due no more', () => {
    expect(nextRunsAt('0 0 0 1 1 * 2027', 3, Date.UTC(2026, 6, 1))).toHaveLength(1);
    expect(nextRunsAt('0 0 0 1 1 * 2020', 3, Date.UTC(2026, 6, 1))).toEqual([]);
  });
});
