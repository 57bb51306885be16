import type { Attempt, RecipientOutcome, RecipientStatus } from '../shared/model/delivery.ts';
import type { Attachment, Message } from '../shared/model/message.ts';
import { rowsOfMessage } from './outbox-rows.ts';
import { GIVE_UP_AFTER_MS } from './retry-policy.ts';
import type { Row, Store } from './store.ts';

/** What is known of a recipient after a settling. */
export interface RecipientChange {
  readonly status: RecipientStatus;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly settledAt: number | null;
}

/** The statements that the outbox is made of. Each belongs into a transaction of whoever calls it. */
export interface OutboxWrites {
  /** The number of a message in this file. */
  seqOf(id: string): number;
  /** The same for a message that was leased here: without asking, where `rememberSeq` was told. */
  seqOfLeased(message: Message): number;
  rememberSeq(message: Message, seq: number): void;
  recipientsOf(seq: number): Row[];
  attachmentsOf(seq: number): Attachment[];
  insertMessage(message: Message, now: number): void;
  insertAttempt(seq: number, attempt: Attempt): void;
  setRecipient(
    seq: number,
    position: number,
    change: RecipientChange,
    outcome: Pick<RecipientOutcome, 'code' | 'reply'>,
  ): void;
  /** The same where a server has taken it: nothing has to be known of the recipient before. */
  setAccepted(seq: number, address: string, reply: string | null, now: number): void;
  /** Ends the lease and takes a message out of the queue that has no queued recipients any more. */
  dequeue(seq: number): void;
  /** Ends the lease, and makes the message due when the first of its queued recipients is. `tried`: by a server. */
  updateDue(seq: number, tried?: boolean): void;
  /** Makes queued recipients of a message due, and counts a try for those whom no server was asked about. */
  makeDue(seq: number, addresses: readonly string[], now: number): void;
  /** Takes a message for a worker; nobody else gets it for LEASE_MS. */
  lease(seq: number, now: number): void;
}

/** How long a lease lasts: longer than the longest send (two minutes a server, several servers). */
export const LEASE_MS = 15 * 60_000;

export function outboxWrites(store: Store): OutboxWrites {
  const seqOf = (id: string) => Number(store.get('SELECT seq FROM message WHERE id = ?', id)?.['seq']);
  const seqs = new WeakMap<Message, number>();
  const dequeue = (seq: number) => {
    store.run('DELETE FROM queue WHERE message_seq = ?', seq);
  };
  return {
    seqOf,
    dequeue,
    seqOfLeased: (message) => seqs.get(message) ?? seqOf(message.id),
    rememberSeq: (message, seq) => {
      seqs.set(message, seq);
    },
    recipientsOf: (seq) => store.all('SELECT * FROM recipient WHERE message_seq = ? ORDER BY position', seq),
    attachmentsOf: (seq) =>
      store
        .all('SELECT name, content FROM attachment WHERE message_seq = ? ORDER BY position', seq)
        .map((row) => ({ name: String(row['name']), content: row['content'] as Uint8Array })),
    insertMessage(message, now) {
      store.run(
        `INSERT INTO message (id, message_id, kind, severity, source_type, source_name, created_at, caused_at, channel,
           route, priority, subject, body_text, body_html, thread, incident_id, attachments, give_up_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...rowsOfMessage(message),
        now + GIVE_UP_AFTER_MS,
      );
      const seq = seqOf(message.id);
      store.run('INSERT INTO queue (message_seq, route, due_at) VALUES (?, ?, ?)', seq, message.route, now);
      message.recipients.forEach((address, position) => {
        store.run(
          "INSERT INTO recipient (message_seq, position, address, status, next_attempt_at) VALUES (?, ?, ?, 'queued', ?)",
          seq,
          position,
          address,
          now,
        );
      });
    },
    insertAttempt(seq, attempt) {
      store.run(
        `INSERT INTO attempt (message_seq, at, duration_ms, route, host, port, security, stage, code, reply, reason, outcomes)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        seq,
        attempt.at,
        attempt.durationMs,
        attempt.route,
        attempt.server?.host ?? null,
        attempt.server?.port ?? null,
        attempt.server?.security ?? null,
        attempt.stage,
        attempt.code,
        attempt.reply,
        attempt.reason,
        JSON.stringify(attempt.outcomes),
      );
    },
    setRecipient(seq, position, change, outcome) {
      store.run(
        `UPDATE recipient SET status = ?, attempts = ?, next_attempt_at = ?, settled_at = ?, code = ?, reply = ?
           WHERE message_seq = ? AND position = ?`,
        change.status,
        change.attempts,
        change.nextAttemptAt,
        change.settledAt,
        outcome.code,
        outcome.reply,
        seq,
        position,
      );
    },
    setAccepted(seq, address, reply, now) {
      store.run(
        `UPDATE recipient SET status = 'accepted', attempts = attempts + 1, next_attempt_at = NULL, settled_at = ?3,
           code = NULL, reply = ?4 WHERE message_seq = ?1 AND address = ?2 AND status <> 'accepted'`,
        seq,
        address,
        now,
        reply,
      );
    },
    updateDue(seq, tried = false) {
      const due = store.get(
        "SELECT min(next_attempt_at) AS due FROM recipient WHERE message_seq = ? AND status = 'queued'",
        seq,
      )?.['due'];
      if (typeof due !== 'number') return dequeue(seq);
      store.run(
        `INSERT INTO queue (message_seq, route, due_at, explained)
           SELECT seq, route, ?2, ?3 FROM message WHERE seq = ?1
           ON CONFLICT (message_seq) DO UPDATE
           SET due_at = excluded.due_at, lease_until = NULL, explained = max(explained, excluded.explained)`,
        seq,
        due,
        tried ? 1 : 0,
      );
    },
    makeDue(seq, addresses, now) {
      for (const address of addresses) {
        store.run(
          `UPDATE recipient SET next_attempt_at = ?3, attempts = attempts + (next_attempt_at <= ?3)
             WHERE message_seq = ?1 AND address = ?2 AND status = 'queued'`,
          seq,
          address,
          now,
        );
      }
      store.run('UPDATE queue SET due_at = min(due_at, ?2) WHERE message_seq = ?1', seq, now);
    },
    lease(seq, now) {
      store.run('UPDATE queue SET lease_until = ? WHERE message_seq = ?', now + LEASE_MS, seq);
    },
  };
}
