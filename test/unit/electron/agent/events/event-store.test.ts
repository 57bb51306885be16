import { describe, expect, test } from 'vitest';
import { createEventStore, type DueAction } from '../../../../../electron/agent/events/event-store.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { anEvent, aRule } from './sample-events.ts';

const NOON = { weekday: 'mon', minuteOfDay: 720 } as const;
const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const NONE: ReadonlySet<number> = new Set();

function scene() {
  const store = memoryStore();
  const events = createEventStore(store);
  const take = (now: number): DueAction[] => {
    const due = events.due(now, NONE, 5000);
    for (const { seq } of due) events.settle(seq, 'done', 'done', now);
    return due;
  };
  return { store, events, take };
}

describe('max frequency', () => {
  test('1,000 events in a minute: once; the rest is counted and said with the next one', () => {
    const { events, take } = scene();
    const rule = aRule({}, [{ type: 'log-to-file', file: 'a.log', maxFrequencyMinutes: 60 }]);
    for (let n = 0; n < 1000; n++) events.record([anEvent({ at: START + n * 60 })], [rule], NOON);
    expect(take(START + MINUTE).map(({ suppressed }) => suppressed)).toEqual([0]);
    events.record([anEvent({ at: START + 60 * MINUTE })], [rule], NOON);
    const [next, ...others] = take(START + 60 * MINUTE);
    expect(others).toEqual([]);
    expect(next).toMatchObject({ suppressed: 999, suppressedSince: START + 60 });
    events.record([anEvent({ at: START + 120 * MINUTE })], [rule], NOON);
    expect(take(START + 120 * MINUTE)).toMatchObject([{ suppressed: 0, suppressedSince: null }]);
  });

  test('each action of each rule has its own; a web page has none', () => {
    const { events, take } = scene();
    const actions = [
      { type: 'log-to-file', file: 'a.log', maxFrequencyMinutes: 60 },
      { type: 'send-email', recipients: ['noc@provider.example'], maxFrequencyMinutes: 1 },
      { type: 'call-web-page', url: 'https://tickets.example/' },
    ];
    const rules = [aRule({}, actions), aRule({ name: 'Other' }, actions)];
    events.record([anEvent({ at: START })], rules, NOON);
    events.record([anEvent({ at: START + MINUTE })], rules, NOON);
    const counts = Object.groupBy(take(START + MINUTE), ({ rule, action }) => `${rule} ${action.type}`);
    expect(Object.fromEntries(Object.entries(counts).map(([key, list]) => [key, list?.length]))).toEqual({
      'Tell me log-to-file': 1,
      'Tell me send-email': 2,
      'Tell me call-web-page': 2,
      'Other log-to-file': 1,
      'Other send-email': 2,
      'Other call-web-page': 2,
    });
  });

  test('it lasts over a restart, and a clock that is set back does not prolong it', () => {
    const { store, events, take } = scene();
    const rule = aRule();
    events.record([anEvent({ at: START })], [rule], NOON);
    take(START);
    const restarted = createEventStore(store);
    restarted.record([anEvent({ at: START + MINUTE })], [rule], NOON);
    expect(take(START + MINUTE)).toEqual([]);
    restarted.record([anEvent({ at: START - 365 * 24 * 60 * MINUTE })], [rule], NOON);
    expect(take(START)).toHaveLength(1);
  });

  test('of web pages no more than 1,000 wait; what is held back is said', () => {
    const { events, take } = scene();
    const rule = aRule({}, [{ type: 'call-web-page', url: 'https://tickets.example/' }]);
    for (let n = 0; n < 1010; n++) events.record([anEvent({ at: START })], [rule], NOON);
    expect(take(START)).toHaveLength(1000);
    events.record([anEvent({ at: START })], [rule], NOON);
    expect(take(START)).toMatchObject([{ suppressed: 10 }]);
  });
});

describe('what is kept', () => {
  test('events go after 30 days, but none whose action is still to be done', () => {
    const { events, take } = scene();
    events.record([anEvent({ at: START, messageId: 'settled' })], [], NOON);
    events.record([anEvent({ at: START, messageId: 'waits' })], [aRule()], NOON);
    const later = START + 31 * 24 * 60 * MINUTE;
    events.record([anEvent({ at: later, messageId: 'new' })], [], NOON);
    expect(events.list(10, null).map(({ event }) => event.messageId)).toEqual(['new', 'waits']);
    take(later);
    events.record([anEvent({ at: later, messageId: 'newer' })], [], NOON);
    expect(events.list(10, null).map(({ event }) => event.messageId)).toEqual(['newer', 'new']);
  });

  test('at most 10,000 events, the newest', () => {
    const { store, events } = scene();
    store.transaction(() => {
      for (let n = 0; n < 10_050; n++) events.record([anEvent()], [], NOON);
    });
    expect(Number(store.get('SELECT count(*) AS n FROM smtp_event')?.['n'])).toBe(10_000);
  });

  test('an action is kept with its event; its settings are forgotten once it is settled', () => {
    const { store, events } = scene();
    const rule = aRule({}, [
      { type: 'call-web-page', url: 'https://tickets.example/', headers: { authorization: 'Bearer canary' } },
    ]);
    events.record([anEvent({ at: START })], [rule], NOON);
    const [due] = events.due(START, NONE, 1);
    events.begin(due?.seq ?? 0);
    events.settle(due?.seq ?? 0, 'failed', 'GET tickets.example answered 404', START + 5);
    expect(events.list(1, null)[0]?.actions).toEqual([
      {
        rule: 'Tell me',
        type: 'call-web-page',
        status: 'failed',
        tries: 1,
        settledAt: START + 5,
        outcome: 'GET tickets.example answered 404',
        suppressed: 0,
      },
    ]);
    expect(JSON.stringify(store.all('SELECT * FROM event_action'))).not.toContain('canary');
  });
});
