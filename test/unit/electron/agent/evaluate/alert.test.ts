import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AlertWatch, anAlert, STEP_MS, type Value } from '../../../../fakes/alert-watch.ts';

const DISK = { metric: 'disk.usedPercent', target: '/', above: 90 };
const PROCESS = { metric: 'process.state', target: 'postgres', is: 'stopped' };

describe('one condition', () => {
  test.each([
    { rule: 'above fires over the limit, not on it', condition: DISK, values: [90, 90.1, 90], trace: 'oFO' },
    {
      rule: 'below fires under the limit, not on it',
      condition: { ...DISK, above: undefined, below: 10 },
      values: [10, 9.9, 10],
      trace: 'oFO',
    },
    {
      rule: 'a state fires while it is that state',
      condition: PROCESS,
      values: ['running', 'stopped', 'running'],
      trace: 'oFO',
    },
    {
      rule: 'with clear it ends only at the clear threshold',
      condition: { ...DISK, clear: 85 },
      values: [91, 89, 86, 85, 89, 91],
      trace: 'FffOoF',
    },
    {
      rule: 'below with clear likewise',
      condition: { ...DISK, above: undefined, below: 10, clear: 15 },
      values: [9, 11, 14, 15],
      trace: 'FffO',
    },
    {
      rule: 'a hold time must pass first',
      condition: { ...DISK, forSeconds: 20 },
      values: [95, 95, 95, 95],
      trace: 'ppFf',
    },
    {
      rule: 'a value back under the limit begins the hold time anew',
      condition: { ...DISK, forSeconds: 20 },
      values: [95, 95, 80, 95, 95, 95],
      trace: 'ppoppF',
    },
    { rule: 'unknown neither fires', condition: DISK, values: [null, null, 95], trace: 'ooF' },
    { rule: 'nor clears', condition: DISK, values: [95, null, null, 80], trace: 'FffO' },
    {
      rule: 'nor adds to the hold time',
      condition: { ...DISK, forSeconds: 20 },
      values: [95, null, null, 95, 95],
      trace: 'ppppF',
    },
  ])('$rule', ({ condition, values, trace }) => {
    expect(new AlertWatch(anAlert([condition])).trace(values)).toBe(trace);
  });
});

test('checks that come a few milliseconds early do not cost an interval of hold time', () => {
  const watch = new AlertWatch(anAlert([{ ...DISK, forSeconds: 20 }]));
  watch.stepMs = 9_990;
  expect(watch.trace([95, 95, 95])).toBe('ppF');
});

describe('several conditions', () => {
  test('any: one is enough to fire, all must end', () => {
    const watch = new AlertWatch(anAlert([DISK, PROCESS]));
    expect(watch.check(95, 'running')).toBe('fired');
    expect(watch.check(95, 'stopped')).toBeNull();
    expect(watch.check(10, 'stopped')).toBeNull();
    expect(watch.check(10, 'running')).toBe('resolved');
  });

  test('all: fires when all hold, ends when one does not', () => {
    const watch = new AlertWatch(anAlert([DISK, PROCESS], { match: 'all' }));
    expect(watch.check(95, 'running')).toBeNull();
    expect(watch.check(95, 'stopped')).toBe('fired');
    expect(watch.check(95, 'running')).toBe('resolved');
  });

  test('all: an unknown condition keeps it from firing, and from being resolved', () => {
    const watch = new AlertWatch(anAlert([DISK, PROCESS], { match: 'all' }));
    expect(watch.check(95, null)).toBeNull();
    expect(watch.check(95, 'stopped')).toBe('fired');
    expect(watch.check(95, null)).toBeNull();
    expect(watch.state.phase).toBe('firing');
  });
});

describe('mails about an incident', () => {
  test('reminders leave after the repeat time, and not where it is 0', () => {
    const repeat = new AlertWatch(anAlert([DISK], { repeatMinutes: 1 }));
    expect(repeat.trace(Array.from({ length: 14 }, () => 95))).toBe('FfffffFfffffFf');
    const never = new AlertWatch(anAlert([DISK], { repeatMinutes: 0 }));
    never.now += 365 * 24 * 3_600_000;
    expect(never.trace([95, 95, 95])).toBe('Fff');
  });

  test('no reminder after it was acknowledged; the next incident has them again', () => {
    const watch = new AlertWatch(anAlert([DISK], { repeatMinutes: 1 }));
    watch.check(95);
    watch.state = { ...watch.state, acknowledgedAt: watch.now };
    expect(watch.trace(Array.from({ length: 10 }, () => 95))).toBe('ffffffffff');
    expect(watch.trace([80, 95, 95, 95, 95, 95, 95, 95])).toBe('OFfffffF');
  });

  test('a snoozed alert says nothing until then, and then that it fires', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.state = { ...watch.state, snoozedUntil: 30_000 };
    expect(watch.trace([95, 95, 95])).toBe('fff');
    expect(watch.check(95)).toBe('fired');
  });

  test('one that was acknowledged during a snooze says nothing when that is over', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.check(95);
    watch.state = { ...watch.state, snoozedUntil: 30_000, acknowledgedAt: watch.now };
    expect(watch.trace([95, 95, 95, 95, 95])).toBe('fffff');
  });

  test('what nobody was told of is not announced as resolved', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.state = { ...watch.state, snoozedUntil: 60_000 };
    expect(watch.trace([95, 80])).toBe('fo');
  });

  test('no mail on recovery where that is not wanted', () => {
    expect(new AlertWatch(anAlert([DISK], { notifyOnRecovery: false })).trace([95, 80])).toBe('Fo');
  });

  test('each incident has an id of its own, and keeps it', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.trace([95, 95]);
    expect(watch.state.incidentId).toBe('incident-1');
    watch.trace([80, 95]);
    expect(watch.state.incidentId).toBe('incident-2');
  });

  test('a resolved mail is told from how the incident was', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.trace([95, 80]);
    expect(watch.last?.ended).toMatchObject({ incidentId: 'incident-1', since: 0 });
  });
});

describe('a maintenance window', () => {
  const during = (values: readonly Value[], after: readonly Value[]) => {
    const watch = new AlertWatch(anAlert([DISK], { unknownAfterSeconds: 10 }));
    watch.quiet = true;
    const quiet = watch.trace(values);
    watch.quiet = false;
    return `${quiet} ${watch.trace(after)}`;
  };

  test.each([
    { rule: 'what fires in it is told when it has closed', values: [95, 95], after: [95], trace: 'ff F' },
    { rule: 'what is over by then is not told at all', values: [95, 80], after: [80], trace: 'fo o' },
    { rule: 'what fires after it is told as ever', values: [80], after: [95], trace: 'o F' },
  ])('$rule', ({ values, after, trace }) => {
    expect(during(values, after)).toBe(trace);
  });

  test('what was told before is told to be over, window or not', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.check(95);
    watch.quiet = true;
    expect(watch.check(80)).toBe('resolved');
  });
});

describe('what cannot be measured', () => {
  test('the administrator is told once after unknownAfterSeconds, and again after it was known in between', () => {
    const watch = new AlertWatch(anAlert([DISK], { unknownAfterSeconds: 20 }));
    const told = (value: Value) => {
      watch.check(value);
      return watch.last?.unknownToTell.length ?? 0;
    };
    expect([null, null, null, null, 50, null, null, null].map(told)).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
  });
});

describe('time', () => {
  test('sleep and jumps of the clock add nothing to a hold time', () => {
    const watch = new AlertWatch(anAlert([{ ...DISK, forSeconds: 60 }]));
    watch.check(95);
    watch.now += 8 * 3_600_000;
    expect(watch.check(95)).toBeNull();
    expect(watch.state.phase).toBe('pending');
  });

  test('a clock that is set back by a year neither fires, nor silences reminders for a year', () => {
    const watch = new AlertWatch(anAlert([DISK], { repeatMinutes: 1 }));
    watch.now = 365 * 24 * 3_600_000;
    watch.check(95);
    watch.now = 0;
    expect(watch.trace(Array.from({ length: 8 }, () => 95))).toBe('ffffffFf');
  });
});

test('a snooze of half a minute ends after that, though the clock was set back by a year', () => {
  const watch = new AlertWatch(anAlert([DISK]));
  watch.now = 365 * 24 * 3_600_000;
  watch.check(80);
  watch.state = { ...watch.state, snoozedUntil: watch.now + 30_000 };
  watch.now = 0;
  expect(watch.trace([95, 95, 95, 95, 95])).toContain('F');
});

describe('under random samples, jumps of the clock and restarts', () => {
  const step = fc.record({
    value: fc.oneof(fc.constantFrom(80, 87, 95), fc.constant(null)),
    jumpMs: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -1e10, max: 1e10 }) },
    ),
  });

  test('no alert without cause, no cause without alert, no repeat inside its interval', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const repeatMs = 5 * 60_000;
        const watch = new AlertWatch(anAlert([{ ...DISK, clear: 85 }], { repeatMinutes: 5 }));
        let toldAt: number | null = null;
        for (const { value, jumpMs } of steps) {
          watch.now += jumpMs;
          if (toldAt !== null) toldAt = Math.min(toldAt, watch.now);
          const before = watch.state.phase;
          const { now } = watch;
          const event = watch.check(value);
          if (event === 'fired') expect(value).toBeGreaterThan(90);
          if (event === 'resolved') expect(value).toBeLessThanOrEqual(85);
          if (typeof value === 'number' && value > 90) expect(watch.state.phase).toBe('firing');
          if (value !== null && value <= 85) expect(watch.state.phase).toBe('ok');
          if (value === null) expect(watch.state.phase).toBe(before);
          if (event === 'reminder' && toldAt !== null) expect(now - toldAt).toBeGreaterThanOrEqual(repeatMs);
          if (event === 'fired' || event === 'reminder') toldAt = now;
          if (event === 'resolved') toldAt = null;
        }
      }),
    );
  });
});

describe('when it fired last', () => {
  test('is not known before the first time, and stays known after it is over', () => {
    const watch = new AlertWatch(anAlert([DISK]));
    watch.check(80);
    expect(watch.state.lastFiredAt).toBeNull();
    watch.check(95);
    watch.check(96);
    expect(watch.state.lastFiredAt).toBe(STEP_MS);
    watch.check(80);
    expect([watch.state.phase, watch.state.lastFiredAt]).toEqual(['ok', STEP_MS]);
    watch.check(97);
    expect(watch.state.lastFiredAt).toBe(4 * STEP_MS);
  });
});
