import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { DeliveryNews } from './returned-mail.ts';

/** Finds whom a mail did not reach after all. The log itself keeps no news yet; the event and Tocsin's own log tell. */
export function newsFromLog(log: DeliveryLog): DeliveryNews {
  return (id, items) => {
    const record = log.find(id);
    if (record === null) return [];
    return items
      .filter(({ news }) => news.state === 'bounced')
      .map(({ address, news }) => ({ message: record.message, address, code: null, reply: news.reply }));
  };
}
