import type { Bounce } from '../../../mail/bounce.ts';
import type { ReturnedRecipient } from '../../../mail/bounce-status.ts';
import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import { type NewsItem, writeNews } from '../../../mail/recipient-news.ts';
import type { Store } from '../../../mail/store.ts';
import type { DeliveryRecord } from '../../../shared/model/delivery.ts';
import type { SmtpEvent } from '../../../shared/model/smtp-event.ts';
import { type EventContext, eventsOfLaterFailures } from '../events/derive.ts';

export interface ReturnedMailOptions {
  readonly store: Store;
  readonly log: DeliveryLog;
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
  const failures = writeNews(options.store, record.message.id, items);
  options.raise(eventsOfLaterFailures(failures, record, options.context()));
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
