import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Evaluation,
  evaluateAlert,
  initialAlertState,
} from '../../../../../electron/agent/evaluate/alert.ts';
import { type AlertSettings, settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { AlertState } from '../../../../../shared/model/alert.ts';

const STEP_MS = 10_000;

function anAlert(condition: object = {}, given: object = {}): AlertSettings {
  const conditions = [{ metric: 'cpu.usedPercent', above: 90, ...condition }];
  const [alert] = settingsSchema.parse({
    version: 1,
    alerts: [{ name: 'CPU', conditions, ...given }],
  }).alerts;
  if (!alert) throw new Error('no alert');
  return alert;
}

/** Checks again and again; the state goes through JSON each time, as through a restart. */
class Watch {
  now = 0;
  quiet = false;
  incidents = 0;
  state: AlertState;
  last: Evaluation | null = null;
  readonly alert: AlertSettings;

  constructor(alert: AlertSettings = anAlert()) {
    this.alert = alert;
    this.state = initialAlertState(alert, 0);
  }

  check(high: boolean): Evaluation['event'] {
    this.last = evaluateAlert(this.alert, this.state, [{ value: high ? 99 : 1 }], {
      now: this.now,
      longestStepMs: 25_000,
      quiet: this.quiet,
      newIncidentId: () => `incident-${++this.incidents}`,
    });
    this.state = JSON.parse(JSON.stringify(this.last.state)) as AlertState;
    this.now += STEP_MS;
    return this.last.event;
  }

  /** What each check told, from "#" (over the limit) and "." (under it). */
  told(pattern: string): string[] {
    return Array.from(pattern).flatMap((letter) => this.check(letter === '#') ?? []);
  }
}

const STEADY = 21;

describe('flapping', () => {
  test.each([
    {
      rule: 'four changes in 21 checks are 20 %, and told one by one',
      pattern: '#.#.',
      told: ['fired', 'resolved', 'fired', 'resolved'],
    },
    {
      rule: 'the fifth is flapping, and nothing more is told while it goes on',
      pattern: '#.#.#.#.#.#.#.#.',
      told: ['fired', 'resolved', 'fired', 'resolved', 'flapping'],
    },
    {
      rule: 'changes are counted over the last 21 checks, not for ever',
      pattern: `#.#.${'.'.repeat(STEADY)}#.#.`,
      told: ['fired', 'resolved', 'fired', 'resolved', 'fired', 'resolved', 'fired', 'resolved'],
    },
    {
      rule: 'it ends when nothing has changed for 20 checks: at rest, it is resolved',
      pattern: `#.#.#.${'.'.repeat(STEADY)}`,
      told: ['fired', 'resolved', 'fired', 'resolved', 'flapping', 'resolved'],
    },
    {
      rule: 'it ends when nothing has changed for 20 checks: firing, that is told',
      pattern: `#.#.#.#${'#'.repeat(STEADY)}`,
      told: ['fired', 'resolved', 'fired', 'resolved', 'flapping', 'steady'],
    },
    {
      rule: 'one more change keeps it flapping',
      pattern: `#.#.#${'#'.repeat(15)}.#${'#'.repeat(15)}`,
      told: ['fired', 'resolved', 'fired', 'resolved', 'flapping'],
    },
  ])('$rule', ({ pattern, told }) => {
    expect(new Watch().told(pattern)).toEqual(told);
  });

  test('it is one incident from the first change to its rest', () => {
    const watch = new Watch();
    watch.told('#.#.#');
    const { incidentId } = watch.state;
    expect(incidentId).not.toBeNull();
    watch.told('.#.#.');
    expect(watch.state.incidentId).toBe(incidentId);
    watch.told('.'.repeat(STEADY - 1));
    expect([watch.last?.ended?.incidentId, watch.state.incidentId]).toEqual([incidentId, null]);
  });

  test('it is told again when a reminder would be due, and not once it is acknowledged', () => {
    const watch = new Watch(anAlert({}, { repeatMinutes: 10 }));
    const halfAnHour = '#.'.repeat(90);
    expect(watch.told(halfAnHour).slice(4)).toEqual(['flapping', 'flapping', 'flapping']);
    watch.state = { ...watch.state, acknowledgedAt: watch.now };
    expect(watch.told(halfAnHour)).toEqual([]);
  });

  test('in a maintenance window it is not told, and afterwards it is', () => {
    const watch = new Watch();
    watch.quiet = true;
    expect(watch.told('#.#.#.#.#')).toEqual([]);
    watch.quiet = false;
    expect(watch.told('.#')).toEqual(['flapping']);
  });

  test('what came to rest in a maintenance window is told when it closes', () => {
    const watch = new Watch();
    watch.told('#.#.#');
    watch.quiet = true;
    expect(watch.told('#'.repeat(STEADY))).toEqual([]);
    watch.quiet = false;
    expect(watch.told('#')).toEqual(['steady']);
  });

  test('an alert with a long hold time never flaps, whatever is measured', () => {
    const held = anAlert({ forSeconds: 60 });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (values) => {
        const watch = new Watch(held);
        for (const high of values) watch.check(high);
        expect(watch.state.flappingSince).toBeNull();
      }),
    );
  });
});

describe('the state machine', () => {
  const HOUR_MS = 3_600_000;
  const check = fc.record({
    high: fc.boolean(),
    times: fc.integer({ min: 1, max: 30 }),
    jumpMs: fc.constantFrom(0, 0, 0, HOUR_MS, -HOUR_MS, 365 * 24 * HOUR_MS, -365 * 24 * HOUR_MS),
    isQuiet: fc.boolean(),
  });

  test('tells no alert without a cause, and leaves no cause untold', () => {
    fc.assert(
      fc.property(fc.array(check, { maxLength: 40 }), (checks) => {
        const watch = new Watch();
        /** What people believe after what they were told. */
        let believed: 'quiet' | 'firing' | 'flapping' = 'quiet';
        for (const { high, times, jumpMs, isQuiet } of checks) {
          watch.now += jumpMs;
          watch.quiet = isQuiet;
          for (let time = 0; time < times; time++) {
            const event = watch.check(high);
            expect(watch.state.phase === 'firing').toBe(high);
            if (event === 'fired' || event === 'steady' || event === 'reminder') expect(high).toBe(true);
            if (event === 'resolved') expect(high).toBe(false);
            if (event === 'fired') expect(believed).toBe('quiet');
            if (event === 'resolved') expect(believed).not.toBe('quiet');
            if (event === 'fired' || event === 'steady') believed = 'firing';
            if (event === 'resolved') believed = 'quiet';
            if (event === 'flapping') believed = 'flapping';
            if (isQuiet) continue;
            // Nobody believes what is not so, but for what is told to flap.
            if (watch.state.flappingSince === null) expect(believed === 'firing').toBe(high);
            else expect(believed).toBe('flapping');
          }
        }
      }),
    );
  });

  test('repeats nothing inside its interval', () => {
    const alert = anAlert({}, { repeatMinutes: 10 });
    fc.assert(
      fc.property(fc.array(check, { maxLength: 30 }), (checks) => {
        const watch = new Watch(alert);
        let realMs = 0;
        let toldAtMs = Number.NEGATIVE_INFINITY;
        for (const { high, times, jumpMs } of checks) {
          watch.now += jumpMs;
          // A clock set forward looks like time that has passed; the reminder is due then.
          if (jumpMs > 0) toldAtMs = Number.NEGATIVE_INFINITY;
          for (let time = 0; time < times * 3; time++) {
            realMs += STEP_MS;
            const event = watch.check(high);
            if (event === 'reminder') expect(realMs - toldAtMs).toBeGreaterThanOrEqual(10 * 60_000);
            if (event !== null) toldAtMs = realMs;
          }
        }
      }),
    );
  });
});
