import type { Bounce } from '../../../mail/bounce.ts';
import type { ReturnedRecipient } from '../../../mail/bounce-status.ts';
import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { FinalFailure } from '../../../mail/outbox.ts';
import type { DeliveryRecord } from '../../../shared/model/delivery.ts';
import type { SmtpEvent } from '../../../shared/model/smtp-event.ts';
import { type EventContext, eventsOfFailures } from '../events/derive.ts';

/** What was heard of one recipient after a server had accepted the mail. */
export interface NewsItem {
  readonly address: string;
  readonly news: {
    readonly state: 'bounced' | 'arrived';
    readonly at: number;
    readonly source: 'bounce' | 'round-trip';
    /** The words of the server that says so. */
    readonly reply: string | null;
  };
}

/** Where news of mails is written down; gives those who turn out not to have got the mail. `id` names the message. */
export type DeliveryNews = (id: string, items: readonly NewsItem[]) => readonly FinalFailure[];

export interface ReturnedMailOptions {
  readonly log: DeliveryLog;
  readonly news: DeliveryNews;
  readonly raise: (events: readonly SmtpEvent[]) => void;
  readonly context: () => EventContext;
}

/**
 * Takes in a notification if it is about a mail and recipients of the delivery log; anybody may write one about anything
 * else. Returns a sentence for the log, or null where it is none of Tocsin's. Called in a transaction.
 */
export function takeInBounce(bounce: Bounce, now: number, options: ReturnedMailOptions): string | null {
  const record = bounce.messageId === null ? null : options.log.find(bounce.messageId);
  if (record === null || record.message.messageId !== bounce.messageId) return null;
  const told = bounce.recipients.flatMap((returned) => {
    const address = recipientOf(record, returned, bounce.recipients.length);
    return address === null ? [] : [{ address, returned }];
  });
  if (told.length === 0) return null;
  const items = told.flatMap(({ address, returned }) => newsOf(address, returned, now));
  const failures = items.length === 0 ? [] : options.news(record.message.id, items);
  if (failures.length > 0) {
    const bounced = failures.map((failure) => ({ ...failure, code: 'mail_bounced' as const }));
    const accepting = record.attempts.filter(({ outcomes }) =>
      outcomes.some(({ verdict }) => verdict === 'accepted'),
    );
    options.raise(eventsOfFailures(bounced, accepting, options.context()));
  }
  const whom = told.map(({ address, returned }) => `${address} (${returned.action})`).join(', ');
  return `a notification about “${record.message.subject}”: ${whom}`;
}

/** Mail may have been passed on to an address that only the notification knows; of a single recipient it is clear who is meant. */
function recipientOf(
  record: DeliveryRecord,
  returned: ReturnedRecipient,
  returnedCount: number,
): string | null {
  const named = new Set(returned.addresses.map((address) => address.toLowerCase()));
  const match = record.message.recipients.find((address) => named.has(address.toLowerCase()));
  if (match !== undefined) return match;
  const [only, ...others] = record.message.recipients;
  return others.length === 0 && returnedCount === 1 ? (only ?? null) : null;
}

function newsOf(address: string, { action, status, diagnostic }: ReturnedRecipient, at: number): NewsItem[] {
  if (action === 'delayed') return [];
  const state = action === 'failed' ? 'bounced' : 'arrived';
  return [{ address, news: { state, at, source: 'bounce', reply: diagnostic ?? status } }];
}
