import type { RouteChoice } from '../shared/model/message.ts';
import type { Lease, MaySend } from './lease.ts';
import { candidateOf, messageOf, serverOf, statusOf } from './outbox-rows.ts';
import { LEASE_MS, type OutboxWrites } from './outbox-writes.ts';
import { LONGEST_WAIT_MS } from './retry-policy.ts';
import type { Row, Store } from './store.ts';
import type { Submissions } from './submissions.ts';

/** A lease that ends further away than any lasts was given before the clock was set back. */
export const NOT_LEASED = '(lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?1 + ?2)';

/** Leases the message that is due, in the transaction of whoever calls it. See `Outbox.lease`. */
export type LeaseNext = (route: RouteChoice, now: number, maySend: MaySend) => Lease | null;

export function createLeasing(store: Store, writes: OutboxWrites, submissions: Submissions): LeaseNext {
  return (route, now, maySend) => {
    // A next try further away than any wait means that the clock was set back: it counts as due.
    // Without the texts, which are read of one message only; and all of them, because any number may wait for a server.
    const candidate = store.find(
      `SELECT seq, id, kind, attachments, fallback_set, due_at, pin_host, pin_port, pin_security, pin_until FROM message
         WHERE route = ?3 AND due_at IS NOT NULL AND (due_at <= ?1 OR due_at > ?1 + ?4)
         AND ${NOT_LEASED} ORDER BY due_at, seq`,
      [now, LEASE_MS, route, LONGEST_WAIT_MS],
      (row) => maySend(serverOf(row, now), String(row['id']), candidateOf(row)),
    );
    if (!candidate) return null;
    const seq = Number(candidate['seq']);
    writes.lease(seq, now);
    const row = store.get('SELECT * FROM message WHERE seq = ?', seq) ?? candidate;
    const rows = writes.recipientsOf(seq);
    const dueBy = Number(row['due_at']) > now ? Number.MAX_SAFE_INTEGER : now;
    const turn = rows.filter(
      (recipient) => statusOf(recipient) === 'queued' && Number(recipient['next_attempt_at']) <= dueBy,
    );
    const address = (recipient: Row) => String(recipient['address']);
    const message = messageOf(row, rows.map(address));
    const open = submissions.openOf(row);
    return {
      message,
      recipients: open?.recipients ?? turn.map(address),
      tries: Math.max(0, ...turn.map((recipient) => Number(recipient['attempts']))),
      pinnedServer: serverOf(row, now),
      attachments: message.attachments.length === 0 ? [] : writes.attachmentsOf(seq),
      submission: open?.submission ?? null,
    };
  };
}
