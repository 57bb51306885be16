import type { EmailProperties } from '../../../shared/contract/settings.ts';
import type { Message, RouteChoice } from '../../../shared/model/message.ts';
import type { ComposeContext } from './compose.ts';

/** What must be said of every message. */
type Said = Pick<Message, 'kind' | 'severity' | 'source' | 'subject' | 'text' | 'html'>;
/** What has a value that most messages share. */
type Usual = Pick<
  Message,
  'causedAt' | 'channel' | 'route' | 'priority' | 'references' | 'incidentId' | 'attachments'
>;
export type Draft = Said & Partial<Usual>;

/** Gives a draft its id, time and recipients. Nobody to be told: no message. */
export function addressed(draft: Draft, recipients: readonly string[], context: ComposeContext): Message[] {
  return recipients.length === 0 ? [] : [message(draft, recipients, context)];
}

/** The same for a message that somebody certainly gets. */
export function message(draft: Draft, recipients: readonly string[], context: ComposeContext): Message {
  const id = context.newId();
  return {
    causedAt: context.now,
    channel: 'email',
    route: 'smtp',
    priority: 'normal',
    references: [],
    incidentId: null,
    attachments: [],
    ...draft,
    id,
    messageId: `${id}@${context.messageDomain}`,
    createdAt: context.now,
    recipients: distinct(recipients),
  };
}

/** Each address once, in the order given; upper and lower case do not make it another. */
function distinct(recipients: readonly string[]): string[] {
  const seen = new Set<string>();
  return recipients.filter((address) => {
    const key = address.toLowerCase();
    return seen.has(key) ? false : seen.add(key);
  });
}

/** SMTP override: only the Web Service carries it (W4). */
export function routeOf(properties: EmailProperties): RouteChoice {
  return properties.smtpOverride ? 'relay' : 'smtp';
}

/** Whether a mail has an HTML form: always by the relay (W5), else as the alert or the installation has it. */
export function hasHtml(
  properties: EmailProperties | null,
  context: Pick<ComposeContext, 'alertFormat'>,
): boolean {
  if (properties === null) return context.alertFormat === 'html';
  if (routeOf(properties) === 'relay') return true;
  const format = properties.format === 'installation' ? context.alertFormat : properties.format;
  return format === 'html';
}
