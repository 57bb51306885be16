import { EVENTS, isEventName } from '../../shared/contract/ipc.ts';
import type { LiveEvent } from '../agent/console/live-events.ts';

/** A line as long as this is no event of an agent: a thousand alerts are 0.5 MB. */
const LINE_MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads a stream of server-sent events as the agent writes it: each event is one line `data: …` (HTML 9.2.6). Takes text in
 * pieces as it comes. What is no event of the contract is passed over: calls say where versions differ. Throws where a
 * line never ends.
 */
export function createEventLines(onEvent: (event: LiveEvent) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_MAX_CHARACTERS) throw new Error('an event is too long');
    for (const line of lines) {
      const event = line.startsWith('data:') ? eventOf(line.slice('data:'.length)) : null;
      if (event !== null) onEvent(event);
    }
  };
}

function eventOf(data: string): LiveEvent | null {
  try {
    const message: unknown = JSON.parse(data);
    if (typeof message !== 'object' || message === null || !('event' in message)) return null;
    const name = String(message.event);
    if (!isEventName(name)) return null;
    const payload = EVENTS[name].safeParse('payload' in message ? message.payload : undefined);
    return payload.success ? ({ event: name, payload: payload.data } as LiveEvent) : null;
  } catch {
    return null;
  }
}
