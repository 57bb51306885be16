import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { HandlerParts } from './parts.ts';

export function eventHandlers({ events }: HandlerParts): Pick<Handlers, 'events.list'> {
  return {
    'events.list': ({ limit, before }) => events.list(limit, before),
  };
}
