import { expect, test } from 'vitest';
import { nextTripStep, type TripStep } from '../../../../../electron/agent/mailbox/round-trip.ts';
import type { ProofOfArrival } from '../../../../../shared/model/status.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';

const MINUTE = 60_000;
const SENT = Date.UTC(2026, 0, 5, 8);

interface Row {
  readonly rule: string;
  readonly state: ProofOfArrival['state'] | null;
  readonly nowMinutes: number;
  readonly readMinutes: number | null;
  readonly hours?: number;
  readonly step: TripStep;
}

const ROWS: readonly Row[] = [
  { rule: 'none was ever sent', state: null, nowMinutes: 0, readMinutes: null, step: 'send' },
  { rule: 'none is wanted', state: null, nowMinutes: 0, readMinutes: null, hours: 0, step: 'wait' },
  { rule: 'on its way for 14 min', state: 'on-its-way', nowMinutes: 14, readMinutes: 14, step: 'wait' },
  {
    rule: 'not there when read after 15 min',
    state: 'on-its-way',
    nowMinutes: 15,
    readMinutes: 15,
    step: 'lost',
  },
  {
    rule: 'read last before 15 min had passed',
    state: 'on-its-way',
    nowMinutes: 20,
    readMinutes: 14,
    step: 'wait',
  },
  {
    rule: 'could not be read for two turns after that',
    state: 'on-its-way',
    nowMinutes: 25,
    readMinutes: null,
    step: 'lost',
  },
  { rule: 'arrived', state: 'arrived', nowMinutes: 60, readMinutes: 60, step: 'wait' },
  { rule: 'six hours after the last', state: 'arrived', nowMinutes: 360, readMinutes: 360, step: 'send' },
  { rule: 'lost: the next one in its turn', state: 'lost', nowMinutes: 60, readMinutes: 60, step: 'wait' },
  { rule: 'lost, six hours later', state: 'lost', nowMinutes: 360, readMinutes: 360, step: 'send' },
  { rule: 'the clock was set back', state: 'arrived', nowMinutes: -60, readMinutes: null, step: 'send' },
  {
    rule: 'switched off meanwhile',
    state: 'arrived',
    nowMinutes: 9999,
    readMinutes: 9999,
    hours: 0,
    step: 'wait',
  },
];

test.each(ROWS)('$rule: $step', ({ state, nowMinutes, readMinutes, hours = 6, step }) => {
  const { mailbox } = settingsSchema.parse({
    version: 1,
    mailbox: { protocol: 'pop3', host: 'a.example', port: 995, user: 'u', roundTripHours: hours },
  });
  if (mailbox === null) throw new Error('no mailbox');
  const last = state && {
    messageId: 'a@b',
    state,
    sentAt: SENT,
    arrivedAt: state === 'arrived' ? SENT : null,
  };
  const readAt = readMinutes === null ? null : SENT + readMinutes * MINUTE;
  expect(nextTripStep(mailbox, { now: SENT + nowMinutes * MINUTE, last, readAt })).toBe(step);
});
