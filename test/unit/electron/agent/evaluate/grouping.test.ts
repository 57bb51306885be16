import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIRST_WINDOW_MS,
  type Group,
  groupAsOf,
  isDue,
  LATER_WINDOW_MS,
  leavesAt,
  stepGroup,
} from '../../../../../electron/agent/evaluate/grouping.ts';

const START = Date.UTC(2026, 0, 5, 8);
const LOOK_MS = 10_000;
const HOUR_MS = 3_600_000;

/** A group driven as the monitor does it: looked at every ten seconds, and at the time that it names itself. */
class Driven {
  realMs = 0;
  offsetMs = START;
  group: Group<number> | null = null;
  /** Real times at which mails left, and what stood in them. */
  readonly mails: { readonly at: number; readonly notices: readonly number[] }[] = [];
  readonly cameAt = new Map<number, number>();

  get now(): number {
    return this.realMs + this.offsetMs;
  }

  bring(count: number): void {
    const fresh = Array.from({ length: count }, () => {
      const notice = this.cameAt.size;
      this.cameAt.set(notice, this.realMs);
      return notice;
    });
    this.step(fresh);
  }

  step(fresh: readonly number[] = []): void {
    const { leaves, group } = stepGroup(this.group, fresh, this.now);
    // What survives a restart is what JSON keeps.
    this.group = JSON.parse(JSON.stringify(group)) as Group<number> | null;
    if (leaves.length > 0) this.mails.push({ at: this.realMs, notices: leaves });
  }

  look(): void {
    if (this.group !== null) this.group = groupAsOf(this.group, this.now);
    if (this.group !== null && isDue(this.group, this.now)) this.step();
  }

  pass(ms: number): void {
    const end = this.realMs + ms;
    while (this.realMs < end) {
      const dueAt = this.group === null ? null : leavesAt(this.group);
      const timerMs = dueAt === null ? LOOK_MS : Math.max(1, dueAt - this.now);
      const nextLookMs = LOOK_MS - (this.realMs % LOOK_MS);
      this.realMs = Math.min(end, this.realMs + Math.min(timerMs, nextLookMs));
      this.look();
    }
  }
}

const times = (driven: Driven) => driven.mails.map(({ at }) => at / 1000);

describe('when mails about one group leave', () => {
  test.each([
    { rule: 'the first never waits', at: [0], leaves: [0] },
    { rule: 'what follows within 30 s is one mail at their end', at: [0, 1, 5, 29], leaves: [0, 30] },
    { rule: 'later changes are one mail per 5 min', at: [0, 1, 40, 200, 329], leaves: [0, 30, 330] },
    { rule: 'a change after the 30 s waits for the 5 min', at: [0, 31], leaves: [0, 300] },
    { rule: 'what comes right after a mail waits for the next', at: [0, 1, 30], leaves: [0, 30, 330] },
    {
      rule: 'after 5 min without a change the next is a first again',
      at: [0, 301, 302],
      leaves: [0, 301, 331],
    },
    { rule: 'while changes go on, none is a first', at: [0, 200, 400, 500, 700], leaves: [0, 300, 600, 900] },
  ])('$rule', ({ at, leaves }) => {
    const driven = new Driven();
    for (const second of at) {
      driven.pass(second * 1000 - driven.realMs);
      driven.bring(1);
    }
    driven.pass(2 * LATER_WINDOW_MS);
    expect(times(driven)).toEqual(leaves);
  });

  test('all that comes at once is one mail', () => {
    const driven = new Driven();
    driven.bring(1000);
    expect(driven.mails.map(({ notices }) => notices.length)).toEqual([1000]);
  });

  test('when it is quiet nothing is remembered', () => {
    const driven = new Driven();
    driven.bring(1);
    driven.pass(LATER_WINDOW_MS);
    expect(driven.group).toBeNull();
  });
});

const action = fc.record({
  passMs: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 2 * LATER_WINDOW_MS })),
  bring: fc.integer({ min: 0, max: 3 }),
});
const jump = fc.constantFrom(0, 0, HOUR_MS, -HOUR_MS, 365 * 24 * HOUR_MS, -365 * 24 * HOUR_MS);

test('every notice is told exactly once, and none later than its window', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const driven = new Driven();
      for (const { passMs, bring } of actions) {
        driven.pass(passMs);
        if (bring > 0) driven.bring(bring);
      }
      driven.pass(LATER_WINDOW_MS);
      const told = driven.mails.flatMap(({ notices }) => notices);
      expect(told).toEqual([...driven.cameAt.keys()]);
      let before: number | null = null;
      for (const { at, notices } of driven.mails) {
        const came = notices.map((notice) => driven.cameAt.get(notice) ?? 0);
        const oldest = Math.min(...came);
        // Who comes after 5 min of silence does not wait.
        if (before === null || oldest >= before + LATER_WINDOW_MS) expect(at).toBe(oldest);
        else expect([before + FIRST_WINDOW_MS, before + LATER_WINDOW_MS]).toContain(at);
        before = at;
      }
    }),
  );
});

test('whatever the clock does, nothing is lost, doubled or held longer than a look makes it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(action, jump), { maxLength: 20 }), (actions) => {
      const driven = new Driven();
      let jumps = 0;
      for (const [{ passMs, bring }, jumpMs] of actions) {
        driven.pass(passMs);
        driven.offsetMs += jumpMs;
        if (jumpMs !== 0) jumps += 1;
        if (bring > 0) driven.bring(bring);
      }
      driven.pass(LATER_WINDOW_MS + (jumps + 1) * LOOK_MS);
      expect(driven.mails.flatMap(({ notices }) => notices)).toEqual([...driven.cameAt.keys()]);
      for (const { at, notices } of driven.mails) {
        for (const notice of notices) {
          expect(at - (driven.cameAt.get(notice) ?? 0)).toBeLessThanOrEqual(
            LATER_WINDOW_MS + jumps * LOOK_MS,
          );
        }
      }
      // No storm: a jump lets at most one mail leave before its time.
      const early = driven.mails.filter(
        ({ at }, index) => index > 0 && at - (driven.mails[index - 1]?.at ?? 0) < FIRST_WINDOW_MS,
      );
      expect(early.length).toBeLessThanOrEqual(jumps);
    }),
  );
});
