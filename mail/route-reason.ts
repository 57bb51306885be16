import type { ServerSlot } from './server-slot.ts';

/** What was known when a server was chosen. */
export interface ChoiceFacts {
  /** Only this server may be used. */
  readonly pinned: boolean;
  /** Servers that have failed or answered already in the same send. */
  readonly asked: ReadonlySet<ServerSlot>;
  /** Servers that were being opened and had not answered yet. */
  readonly slow: readonly ServerSlot[];
}

/** Why this server and not the one before it in the list, in words for the delivery log. */
export function routeReason(slot: ServerSlot, pool: readonly ServerSlot[], facts: ChoiceFacts): string {
  if (facts.pinned) return 'same server as before: it may have the message';
  const preferred = pool[0];
  if (preferred === undefined || slot === preferred) return 'primary server';
  return `backup server: ${preferred.label} ${whyNot(preferred, facts)}`;
}

function whyNot(preferred: ServerSlot, { asked, slow }: ChoiceFacts): string {
  const { state, since } = preferred.health.snapshot();
  const when = since === null ? '' : ` since ${new Date(since).toISOString()}`;
  if (state === 'down') return `is down${when}`;
  if (state === 'paused') return `is paused${when}`;
  if (asked.has(preferred)) return 'did not take the message';
  if (slow.includes(preferred)) return 'has not answered yet';
  if (preferred.health.suspect) return 'broke off a message a short while ago';
  return 'is slow to answer';
}
