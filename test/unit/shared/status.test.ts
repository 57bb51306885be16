import { expect, test } from 'vitest';
import { type AgentStatus, checksAreLate } from '../../../shared/model/status.ts';

const RUNNING = { running: true, pausedUntil: null, startedAt: 0, lastCheckAt: 100_000, intervalSeconds: 10 };

test.each([
  ['checked just now', {}, 105_000, false],
  ['late by a slow check', {}, 135_000, false],
  ['for longer than its interval explains', {}, 141_000, true],
  ['never since its start', { lastCheckAt: null }, 41_000, true],
  ['paused', { pausedUntil: 'forever' }, 1_000_000, false],
  ['not running', { running: false, lastCheckAt: null, startedAt: null }, 1_000_000, false],
])('checks are late: %s', (_, given, now, late) => {
  expect(checksAreLate({ ...RUNNING, ...given } as AgentStatus, now)).toBe(late);
});
