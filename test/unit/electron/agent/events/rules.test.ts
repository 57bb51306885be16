import { describe, expect, test } from 'vitest';
import { type LocalMoment, localMoment, ruleMatches } from '../../../../../electron/agent/events/rules.ts';
import type { SmtpEvent } from '../../../../../shared/model/smtp-event.ts';
import { anEvent, aRule } from './sample-events.ts';

type Conditions = Parameters<typeof aRule>[0] extends infer Given | undefined
  ? NonNullable<Given> extends { conditions?: infer C }
    ? C
    : never
  : never;

interface Row {
  readonly rule: string;
  readonly conditions?: Conditions;
  readonly event?: Partial<SmtpEvent>;
  readonly at?: string;
  readonly day?: LocalMoment['weekday'];
  readonly matches: boolean;
}

const NIGHT = { timeOfDay: { from: '22:00', to: '06:00' } } as const;
const OFFICE = { timeOfDay: { from: '08:00', to: '18:00' } } as const;

const ROWS: readonly Row[] = [
  { rule: 'no condition: any event of the type', matches: true },
  { rule: 'another type of event', event: { type: 'delivery-failed' }, matches: false },
  { rule: 'a frame holds its first minute', conditions: OFFICE, at: '08:00', matches: true },
  { rule: 'a frame holds its last minute', conditions: OFFICE, at: '18:00', matches: true },
  { rule: 'the minute before a frame', conditions: OFFICE, at: '07:59', matches: false },
  { rule: 'the minute after a frame', conditions: OFFICE, at: '18:01', matches: false },
  { rule: 'a frame over midnight, before it', conditions: NIGHT, at: '23:30', matches: true },
  { rule: 'a frame over midnight, at it', conditions: NIGHT, at: '00:00', matches: true },
  { rule: 'a frame over midnight, after it', conditions: NIGHT, at: '06:00', matches: true },
  { rule: 'a frame over midnight, by day', conditions: NIGHT, at: '12:00', matches: false },
  {
    rule: 'a frame that ends where it begins is the whole day',
    conditions: { timeOfDay: { from: '08:00', to: '08:00' } },
    at: '07:00',
    matches: true,
  },
  { rule: 'one of the days', conditions: { daysOfWeek: ['mon', 'tue'] }, day: 'tue', matches: true },
  { rule: 'none of the days', conditions: { daysOfWeek: ['mon', 'tue'] }, day: 'sun', matches: false },
  { rule: 'an empty list of days is any day', conditions: { daysOfWeek: [] }, day: 'sun', matches: true },
  { rule: 'the server, whatever its case', conditions: { server: 'MAIL.contoso.example' }, matches: true },
  { rule: 'another server', conditions: { server: 'mail2.contoso.example' }, matches: false },
  {
    rule: 'a server is asked for and there was none',
    conditions: { server: 'mail.contoso.example' },
    event: { server: null },
    matches: false,
  },
  { rule: 'the port', conditions: { port: 465 }, matches: true },
  { rule: 'another port', conditions: { port: 25 }, matches: false },
  { rule: 'no port known', conditions: { port: 465 }, event: { server: null }, matches: false },
  { rule: 'the sender', conditions: { emailAddress: 'Tocsin@contoso.example' }, matches: true },
  { rule: 'another sender', conditions: { emailAddress: 'other@contoso.example' }, matches: false },
  { rule: 'SSL wanted, TLS used', conditions: { ssl: true }, matches: true },
  {
    rule: 'SSL wanted, STARTTLS used',
    conditions: { ssl: true },
    event: { server: { host: 'a.example', port: 587, security: 'starttls' } },
    matches: true,
  },
  {
    rule: 'SSL wanted, none used',
    conditions: { ssl: true },
    event: { server: { host: 'a.example', port: 25, security: 'none' } },
    matches: false,
  },
  { rule: 'no SSL wanted, TLS used', conditions: { ssl: false }, matches: false },
  {
    rule: 'no SSL wanted, no server known',
    conditions: { ssl: false },
    event: { server: null },
    matches: false,
  },
  { rule: 'login wanted and required', conditions: { requiresAuthentication: true }, matches: true },
  {
    rule: 'login wanted and not required',
    conditions: { requiresAuthentication: true },
    event: { requiresAuthentication: false },
    matches: false,
  },
  {
    rule: 'no login wanted, unknown whether required',
    conditions: { requiresAuthentication: false },
    event: { requiresAuthentication: null },
    matches: false,
  },
  {
    rule: 'the customer is one of the recipients',
    conditions: { customerEmail: 'ANN@contoso.example' },
    event: { recipients: ['bob@contoso.example', 'ann@contoso.example'] },
    matches: true,
  },
  {
    rule: 'the customer is none of the recipients',
    conditions: { customerEmail: 'eve@contoso.example' },
    matches: false,
  },
  {
    rule: 'one condition of two holds',
    conditions: { port: 465, server: 'mail2.contoso.example' },
    matches: false,
  },
];

describe('ruleMatches', () => {
  test.each(ROWS)('$rule: $matches', ({ conditions, event, at = '12:00', day = 'mon', matches }) => {
    const [hours, minutes] = at.split(':').map(Number);
    const moment = { weekday: day, minuteOfDay: (hours ?? 0) * 60 + (minutes ?? 0) };
    const rule = aRule(conditions === undefined ? {} : { conditions });
    expect(ruleMatches(rule, anEvent(event), moment)).toBe(matches);
  });

  test('a rule that is switched off matches nothing', () => {
    const moment: LocalMoment = { weekday: 'mon', minuteOfDay: 0 };
    expect(ruleMatches(aRule({ enabled: false }), anEvent(), moment)).toBe(false);
  });
});

test.each([
  ['UTC', { weekday: 'mon', minuteOfDay: 23 * 60 + 30 }],
  ['Europe/Berlin', { weekday: 'tue', minuteOfDay: 30 }],
  ['America/New_York', { weekday: 'mon', minuteOfDay: 18 * 60 + 30 }],
] as const)('Monday 23:30 UTC on a wall in %s', (timeZone, moment) => {
  expect(localMoment(Date.UTC(2026, 0, 5, 23, 30), timeZone)).toEqual(moment);
});
