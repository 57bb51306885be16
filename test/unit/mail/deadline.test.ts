import { array, assert, asyncProperty, constantFrom, integer, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deadline } from '../../../mail/deadline.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

describe('a deadline', () => {
  test('passes once it was set and neither set again nor cleared in time', async () => {
    const step = tuple(
      constantFrom('set', 'clear', 'end'),
      integer({ min: 1, max: 50 }),
      integer({ min: 0, max: 60 }),
    );
    const rule = asyncProperty(array(step, { maxLength: 20 }), async (steps) => {
      const clock = new FakeClock();
      let passed = 0;
      let expected = 0;
      let dueMs = Number.POSITIVE_INFINITY;
      const deadline = new Deadline(clock, () => {
        passed++;
        deadline.clear();
      });
      for (const [kind, limitMs, pauseMs] of steps) {
        if (kind === 'set') deadline.set(limitMs);
        else deadline[kind]();
        dueMs = kind === 'set' ? clock.monotonic() + limitMs : Number.POSITIVE_INFINITY;
        await clock.advance(pauseMs);
        if (dueMs <= clock.monotonic()) expected++;
        expect(passed).toBe(expected);
      }
    });
    await assert(rule, { numRuns: 300 });
  });

  test('has one timer, and none when it has ended', () => {
    const clock = new FakeClock();
    const deadline = new Deadline(clock, () => {});
    for (const limitMs of [50, 60, 40, 70]) deadline.set(limitMs);
    expect(clock.pending).toBe(1);
    deadline.end();
    expect(clock.pending).toBe(0);
  });
});
