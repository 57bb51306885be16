import { formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { adviceOn } from '../../../shared/smtp-sentences.ts';
import {
  eventSentence,
  type SmtpEvent,
  type SmtpEventType,
  SMTP_EVENT_TITLES,
} from '../../../shared/model/smtp-event.ts';
import { cleanLine, cleanName, cutTo } from '../compose/clean-text.ts';
import type { ComposeContext, SystemNotice } from '../compose/compose.ts';
import { cutToSeptets, toGsm } from '../compose/gsm-alphabet.ts';
import type { DueAction } from './event-store.ts';

/** One text message (3GPP TS 23.040 9.2.3.16). */
const SMS_SEPTETS = 160;
/** Of many recipients, the log has all. */
const MOST_NAMED = 10;

/** Who is to be told of an event, and by which way. */
export interface EventAddressees {
  readonly emails: readonly string[];
  readonly sms: readonly string[];
  readonly route: RouteChoice;
}

/** What becomes of the mail, or of what waits. */
const WHAT_FOLLOWS: Readonly<Record<SmtpEventType, string>> = {
  'connection-failed': 'What waits for this server is kept, and sent as soon as it answers.',
  'delivery-failed':
    'Whether it is tried again stands in the delivery log (tocsin log); if it is given up, that is an event of its own.',
  'final-delivery-failed':
    'These recipients get no further try by themselves. When the cause is mended, tocsin resend sends it anew.',
  'pop-login-failed': 'Until it is mended, no returned mail is noticed and no proof of arrival is taken.',
};

/** What a mail about an event says. */
export function eventNotice(due: DueAction, to: EventAddressees, context: ComposeContext): SystemNotice {
  const { event } = due;
  const title = SMTP_EVENT_TITLES[event.type];
  const entry = event.code === null ? null : adviceOn(event.code, event.reply);
  const time = (at: number) => formatTime(at, context.timeZone);
  return {
    subject: title,
    headline: `${due.isTest ? 'A test: ' : ''}${title} on ${context.installation}`,
    paragraphs: [
      ...(due.isTest
        ? [
            `Nothing of this has happened. Somebody tries the rule “${due.rule}” with an event that is made up.`,
          ]
        : []),
      eventSentence(event),
      ...(entry === null ? [] : [entry.cause, entry.mend]),
      WHAT_FOLLOWS[event.type],
      ...heldBack(due, time),
    ],
    facts: [
      ['When', time(event.at)],
      ['Server', serverText(event)],
      ['Login required', event.requiresAuthentication === null ? null : yesNo(event.requiresAuthentication)],
      [event.route === 'mailbox' ? 'User' : 'Sender', event.emailAddress],
      ['Stage', event.stage],
      ["Server's words", event.reply === null ? null : cutTo(cleanLine(event.reply), 500)],
      ['Mail', event.subject],
      ['In the log as', event.messageId],
      ['Concerns', namesOf(event.recipients)],
      ['Rule', due.rule],
    ],
    severity: event.type === 'final-delivery-failed' ? 'critical' : 'warning',
    recipients: to.emails,
    sms: { recipients: to.sms, text: smsText(due, context) },
    route: to.route,
    source: { type: 'smtp-event', name: due.rule },
  };
}

function heldBack(due: DueAction, time: (at: number) => string): string[] {
  if (due.suppressed === 0) return [];
  const events = due.suppressed === 1 ? 'One more event' : `${due.suppressed} more events`;
  const since = due.suppressedSince === null ? '' : ` since ${time(due.suppressedSince)}`;
  const most =
    'maxFrequencyMinutes' in due.action
      ? `, for it tells at most once in ${due.action.maxFrequencyMinutes} min`
      : '';
  return [`${events} that this rule is about${since} were not told of one by one${most}.`];
}

function serverText({ server }: SmtpEvent): string | null {
  if (server === null) return null;
  const security = { none: 'unencrypted', starttls: 'STARTTLS', tls: 'TLS' }[server.security];
  return `${server.host}:${server.port}, ${security}`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function namesOf(recipients: readonly string[]): string | null {
  if (recipients.length === 0) return null;
  const more = recipients.length - MOST_NAMED;
  return recipients.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function smsText({ event, isTest }: DueAction, context: ComposeContext): string {
  const text = `${isTest ? 'TEST ' : ''}${cleanName(context.installation)}: ${SMTP_EVENT_TITLES[event.type]}. ${cleanLine(eventSentence(event))}`;
  return cutToSeptets(toGsm(text), SMS_SEPTETS);
}
