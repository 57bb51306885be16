import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { HandlerParts } from './parts.ts';

export function logHandlers(
  parts: HandlerParts,
): Pick<Handlers, 'log.list' | 'log.rows' | 'log.latest' | 'log.get' | 'log.resend'> {
  const { deliveries, outbox, dispatcher, clock, live } = parts;
  return {
    'log.list': (query) => deliveries.list(query),
    'log.rows': (query) => deliveries.rows({ since: null, ...query }),
    'log.latest': ({ type }) => deliveries.latest(type),
    'log.get': ({ id }) => deliveries.find(id),
    'log.resend'({ id }) {
      const record = deliveries.find(id);
      const found = record !== null && outbox.resend(record.message.id, clock.now());
      if (found) {
        dispatcher.wake();
        live.changed('mail');
      }
      return { found };
    },
  };
}
