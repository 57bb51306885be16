import type { RecipientNews } from '../shared/model/delivery.ts';
import { messageOf } from './outbox-rows.ts';
import type { FinalFailure } from './outbox.ts';
import type { Store } from './store.ts';

/** What was heard of one recipient of a message after a server had accepted it. */
export interface NewsItem {
  readonly address: string;
  readonly news: RecipientNews;
}

/** Who knows best comes last: who saw the mail arrive or come back knows more than who handed it on. */
const SOURCES: readonly RecipientNews['source'][] = ['relay', 'bounce', 'round-trip'];

/**
 * Writes down what was heard later, in one commit, and gives those who turn out not to have got the message. News of
 * somebody who was not accepted (any more, because it is being sent again) is no news; nor is what is known already, or
 * known better.
 */
export function writeNews(store: Store, messageId: string, items: readonly NewsItem[]): FinalFailure[] {
  return store.transaction(() => {
    const row = store.get('SELECT * FROM message WHERE id = ?', messageId);
    if (row === undefined) return [];
    const recipients = store.all(
      'SELECT * FROM recipient WHERE message_seq = ? ORDER BY position',
      Number(row['seq']),
    );
    const message = messageOf(
      row,
      recipients.map((recipient) => String(recipient['address'])),
    );
    return items.flatMap(({ address, news }) => {
      const recipient = recipients.find(
        (entry) => String(entry['address']).toLowerCase() === address.toLowerCase(),
      );
      if (recipient === undefined || recipient['status'] !== 'accepted') return [];
      const before = recipient['news_state'];
      const source = SOURCES.findIndex((name) => name === recipient['news_source']);
      if (before === news.state || source > SOURCES.indexOf(news.source)) return [];
      store.run(
        `UPDATE recipient SET news_state = ?, news_at = ?, news_source = ?, news_reply = ?
           WHERE message_seq = ? AND position = ?`,
        news.state,
        news.at,
        news.source,
        news.reply,
        Number(row['seq']),
        Number(recipient['position']),
      );
      const isLost = (state: unknown) => state === 'failed' || state === 'bounced';
      if (!isLost(news.state) || isLost(before)) return [];
      return [{ message, address: String(recipient['address']), code: null, reply: news.reply }];
    });
  });
}
