import type { RouteChoice } from '../shared/model/message.ts';
import type { Lease, MaySend } from './lease.ts';
import { candidateOf, messageOf, serverOf, statusOf } from './outbox-rows.ts';
import { LEASE_MS, type OutboxWrites } from './outbox-writes.ts';
import { LONGEST_WAIT_MS } from './retry-policy.ts';
import type { Row, Store } from './store.ts';
import type { Submissions } from './submissions.ts';

/** A lease that ends further away than any lasts was given before the clock was set back. */
export const NOT_LEASED =
  '(queue.lease_until IS NULL OR queue.lease_until <= ?1 OR queue.lease_until > ?1 + ?2)';

/** A next try further away than any wait means that the clock was set back: it counts as due. */
const DUE = `FROM queue JOIN message ON seq = message_seq
  WHERE queue.route = ?3 AND (queue.due_at <= ?1 OR queue.due_at > ?1 + ?4)
  AND ${NOT_LEASED} ORDER BY queue.due_at, message_seq`;
const FIRST_DUE = `SELECT message.*, queue.due_at AS due_at ${DUE} LIMIT 1`;
/** Without the texts, which are read of one message only; and all of them, because any number may wait for a server. */
const ALL_DUE = `SELECT seq, id, kind, attachments, fallback_set, pin_host, pin_port, pin_security, pin_until ${DUE}`;
const ONE_DUE =
  'SELECT message.*, queue.due_at AS due_at FROM queue JOIN message ON seq = message_seq WHERE message_seq = ?';

/** Leases the message that is due, in the transaction of whoever calls it. See `Outbox.lease`. */
export type LeaseNext = (route: RouteChoice, now: number, maySend: MaySend) => Lease | null;

export function createLeasing(store: Store, writes: OutboxWrites, submissions: Submissions): LeaseNext {
  const nextDue = (route: RouteChoice, now: number, maySend: MaySend): Row | undefined => {
    const isWanted = (row: Row) => maySend(serverOf(row, now), String(row['id']), candidateOf(row));
    const first = store.get(FIRST_DUE, now, LEASE_MS, route, LONGEST_WAIT_MS);
    if (first === undefined || isWanted(first)) return first;
    const found = store.find(ALL_DUE, [now, LEASE_MS, route, LONGEST_WAIT_MS], isWanted);
    return found && store.get(ONE_DUE, Number(found['seq']));
  };

  return (route, now, maySend) => {
    const row = nextDue(route, now, maySend);
    if (!row) return null;
    const seq = Number(row['seq']);
    writes.lease(seq, now);
    const rows = writes.recipientsOf(seq);
    const dueBy = Number(row['due_at']) > now ? Number.MAX_SAFE_INTEGER : now;
    const turn = rows.filter(
      (recipient) => statusOf(recipient) === 'queued' && Number(recipient['next_attempt_at']) <= dueBy,
    );
    const address = (recipient: Row) => String(recipient['address']);
    const message = messageOf(row, rows.map(address));
    writes.rememberSeq(message, seq);
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
