import { forgetMessage } from '../../mail/forget-message.ts';
import type { Store } from '../../mail/store.ts';
import { formerOutboxId, outboxId } from './outbox-id.ts';

/** So few in one transaction that nobody waits for it. */
const AT_A_TIME = 200;

/** Forgets messages accepted before this time, with everything of theirs in the outbox. What waits still is kept. */
export function pruneSubmissions(store: Store, acceptedBefore: number): number {
  return store.transaction(() => {
    const rows = store.all(
      'SELECT installation_id, id FROM submission WHERE accepted_at < ? ORDER BY accepted_at LIMIT ?',
      acceptedBefore,
      AT_A_TIME,
    );
    for (const row of rows) {
      const installationId = String(row['installation_id']);
      const id = String(row['id']);
      for (const channel of ['email', 'sms'] as const) {
        const submission = { installationId, id, channel };
        for (const name of [outboxId, formerOutboxId]) dropMessage(store, name(submission));
      }
      store.run('DELETE FROM submission WHERE installation_id = ? AND id = ?', installationId, id);
    }
    return rows.length;
  });
}

function dropMessage(store: Store, id: string): void {
  const row = store.get(
    'SELECT seq FROM message WHERE id = ? AND seq NOT IN (SELECT message_seq FROM queue)',
    id,
  );
  if (row !== undefined) forgetMessage(store, Number(row['seq']));
}
