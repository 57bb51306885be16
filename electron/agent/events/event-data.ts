import { eventSentence } from '../../../shared/model/smtp-event.ts';
import type { DueAction } from './event-store.ts';

/** Which computer of whose an event is from. */
export interface EventOrigin {
  readonly installation: string;
  readonly organisation: string | null;
  readonly hostName: string;
}

/** What stands under a name in an event for other programs. */
export type EventData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** An event as other programs get it: a line of the log file, what a provider reads, the body of a web call. */
export function eventData(due: DueAction, origin: EventOrigin): EventData {
  const { event } = due;
  return {
    time: new Date(event.at).toISOString(),
    event: event.type,
    rule: due.rule,
    test: due.isTest,
    installation: origin.installation,
    organisation: origin.organisation,
    host: origin.hostName,
    message: `${due.isTest ? 'Test: ' : ''}${eventSentence(event)}`,
    code: event.code,
    stage: event.stage,
    reply: event.reply,
    route: event.route,
    server: event.server?.host ?? null,
    port: event.server?.port ?? null,
    security: event.server?.security ?? null,
    requiresAuthentication: event.requiresAuthentication,
    emailAddress: event.emailAddress,
    recipients: event.recipients,
    subject: event.subject,
    messageId: event.messageId,
    suppressed: due.suppressed,
    suppressedSince: due.suppressedSince === null ? null : new Date(due.suppressedSince).toISOString(),
  };
}

/** The same as texts by name, for templates; what is not known is empty. */
export function eventFields(due: DueAction, origin: EventOrigin): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(eventData(due, origin)).map(([name, value]) => [name, textOf(value)] as const),
  );
}

function textOf(value: EventData[string]): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
