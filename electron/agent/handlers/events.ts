import type { Handlers } from '../../../shared/contract/ipc.ts';
import { parseRule } from '../settings/parse-part.ts';
import type { HandlerParts } from './parts.ts';

export function eventHandlers({ events }: HandlerParts): Pick<Handlers, 'events.list' | 'events.try'> {
  return {
    'events.list': ({ limit, before }) => events.list(limit, before),
    async 'events.try'({ rule }) {
      const parsed = parseRule(rule);
      return parsed.ok ? events.try(parsed.part) : { faults: parsed.faults };
    },
  };
}
