import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countAsOf,
  counted,
  type HourCount,
  MAILS_PER_HOUR,
  roomAt,
} from '../../../../../electron/agent/evaluate/hour-cap.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 0, 5, 8);

function after(times: readonly number[]): HourCount | null {
  return times.reduce<HourCount | null>((count, at) => counted(count, START + at), null);
}

const burst = (count: number) => Array.from({ length: count }, (_, index) => index);

test.each([
  { rule: 'nothing sent leaves room at once', sent: [], now: 0, room: 0 },
  { rule: 'one less than the limit leaves room', sent: burst(MAILS_PER_HOUR - 1), now: 100, room: 100 },
  {
    rule: 'at the limit the oldest has to be an hour old',
    sent: burst(MAILS_PER_HOUR),
    now: 100,
    room: HOUR_MS,
  },
  { rule: 'after that hour there is room', sent: burst(MAILS_PER_HOUR), now: HOUR_MS, room: HOUR_MS },
])('$rule', ({ sent, now, room }) => {
  expect(roomAt(countAsOf(after(sent), START + now)) - START).toBe(room);
});

test('a clock that is set back by a year makes nobody wait for a year', () => {
  const count = countAsOf(after(burst(MAILS_PER_HOUR)), START + 60_000);
  const back = countAsOf(count, START - 365 * 24 * HOUR_MS);
  expect(roomAt(back) - back.seenAt).toBe(HOUR_MS - 60_000);
});

test('who sends only when there is room never sends more than the limit in any hour', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 300 }), (gaps) => {
      let now = START;
      let count: HourCount | null = null;
      const sent: number[] = [];
      for (const gap of gaps) {
        now += gap;
        if (roomAt(countAsOf(count, now)) > now) continue;
        count = counted(count, now);
        sent.push(now);
      }
      for (const at of sent) {
        expect(sent.filter((other) => other <= at && at - other < HOUR_MS).length).toBeLessThanOrEqual(
          MAILS_PER_HOUR,
        );
      }
    }),
  );
});
