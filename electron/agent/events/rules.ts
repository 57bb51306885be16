import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { SmtpEvent } from '../../../shared/model/smtp-event.ts';
import { wallTime } from '../../../shared/wall-time.ts';

type Weekday = NonNullable<SmtpEventRule['conditions']['daysOfWeek']>[number];

/** When something happened, as a clock on the wall of this computer shows it. */
export interface LocalMoment {
  readonly weekday: Weekday;
  /** Minutes since midnight, 0 to 1439. */
  readonly minuteOfDay: number;
}

/**
 * Whether a rule is about this event: it is enabled, of the event's type, and all conditions that are set hold. What an
 * event does not know (the server, where there was none) meets no condition that asks for it.
 */
export function ruleMatches(rule: SmtpEventRule, event: SmtpEvent, moment: LocalMoment): boolean {
  if (!rule.enabled || rule.event !== event.type) return false;
  const { timeOfDay, daysOfWeek, server, port, emailAddress, ssl, requiresAuthentication, customerEmail } =
    rule.conditions;
  const isSecure = event.server === null ? null : event.server.security !== 'none';
  return (
    (timeOfDay === null || isWithin(timeOfDay, moment.minuteOfDay)) &&
    (daysOfWeek === null || daysOfWeek.length === 0 || daysOfWeek.includes(moment.weekday)) &&
    (server === null || same(server, event.server?.host)) &&
    (port === null || port === event.server?.port) &&
    (emailAddress === null || same(emailAddress, event.emailAddress)) &&
    (ssl === null || ssl === isSecure) &&
    (requiresAuthentication === null || requiresAuthentication === event.requiresAuthentication) &&
    (customerEmail === null || event.recipients.some((address) => same(customerEmail, address)))
  );
}

/**
 * A frame holds both of its minutes. One that ends before it begins runs over midnight; one that ends where it begins
 * is the whole day.
 */
function isWithin(frame: { readonly from: string; readonly to: string }, minute: number): boolean {
  const from = minutesOf(frame.from);
  const to = minutesOf(frame.to);
  if (from === to) return true;
  return from < to ? minute >= from && minute <= to : minute >= from || minute <= to;
}

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Host names and addresses compare without regard to case. */
function same(wanted: string, given: string | null | undefined): boolean {
  return typeof given === 'string' && wanted.toLowerCase() === given.toLowerCase();
}

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A point in time on a wall in `timeZone`: this computer's, or one with an IANA name. */
export function localMoment(at: number, timeZone: string): LocalMoment {
  const wall = wallTime(at, timeZone);
  return {
    weekday: WEEKDAYS[wall?.weekday ?? 1] ?? 'mon',
    minuteOfDay: (wall?.hour ?? 0) * 60 + (wall?.minute ?? 0),
  };
}
