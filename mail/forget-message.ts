import type { Store } from './store.ts';

/** The tables that hold what belongs to a message, by its number. */
export const MESSAGE_PARTS = ['recipient', 'attempt', 'attachment', 'fallback_set', 'queue'] as const;

/** Takes a message out of the outbox and its log, with all that belongs to it. Called in a transaction. */
export function forgetMessage(store: Store, seq: number): void {
  for (const part of MESSAGE_PARTS) store.run(`DELETE FROM ${part} WHERE message_seq = ?`, seq);
  store.run('DELETE FROM message WHERE seq = ?', seq);
}
