import type { DeliveryRecord } from '../shared/model/delivery.ts';
import { attemptOf, messageOf, recipientStateOf } from './outbox-rows.ts';
import type { Row, Store } from './store.ts';

export interface LogQuery {
  /** At most so many, newest first. */
  readonly limit: number;
  /** Only messages made at or after this wall-clock time. */
  readonly since: number | null;
  /** Only messages that came before this one, by its id, to read a long log in parts; absent or null for all. */
  readonly before?: string | null;
}

/** What waits, and what became of the rest since a point in time; recipients are counted once per message. */
export interface DeliveryCounts {
  readonly waiting: number;
  /** When the oldest waiting message was made; null where none waits. */
  readonly oldestWaitingAt: number | null;
  readonly accepted: number;
  readonly failed: number;
}

/** The delivery log: what happened to every message, read from the outbox's own tables. It changes nothing. */
export interface DeliveryLog {
  list(query: LogQuery): DeliveryRecord[];
  /** By id or Message-ID, with or without angle brackets. */
  find(id: string): DeliveryRecord | null;
  counts(since: number): DeliveryCounts;
  oldestWaitingAt(): number | null;
  /** Whether nothing of a message is queued any more. A message that is not known counts as settled. */
  isSettled(id: string): boolean;
}

export function createDeliveryLog(store: Store): DeliveryLog {
  const recordOf = (row: Row): DeliveryRecord => {
    const seq = Number(row['seq']);
    const recipients = store
      .all('SELECT * FROM recipient WHERE message_seq = ? ORDER BY position', seq)
      .map(recipientStateOf);
    const attempts = store
      .all('SELECT * FROM attempt WHERE message_seq = ? ORDER BY seq', seq)
      .map(attemptOf);
    return {
      message: messageOf(
        row,
        recipients.map((recipient) => recipient.address),
      ),
      recipients,
      attempts,
    };
  };

  const oldestWaitingAt = () => {
    const oldest = store.get('SELECT min(created_at) AS at FROM message WHERE due_at IS NOT NULL')?.['at'];
    return typeof oldest === 'number' ? oldest : null;
  };

  return {
    list({ limit, since, before = null }) {
      return store
        .all(
          `SELECT * FROM message WHERE created_at >= ?1
             AND (?2 IS NULL OR seq < (SELECT seq FROM message WHERE id = ?2)) ORDER BY seq DESC LIMIT ?3`,
          since ?? 0,
          before,
          limit,
        )
        .map(recordOf);
    },
    find(id) {
      const bare = id.trim().replace(/^<|>$/g, '');
      // The Web Service gives its own domain to a Message-ID; what stands before the @ is the id all the same.
      const local = bare.includes('@') ? bare.slice(0, bare.lastIndexOf('@')).replace(/\.sms$/, '') : bare;
      const row = store.get('SELECT * FROM message WHERE id = ?1 OR message_id = ?1 OR id = ?2', bare, local);
      return row ? recordOf(row) : null;
    },
    oldestWaitingAt,
    isSettled: (id) =>
      store.get('SELECT 1 FROM message WHERE id = ? AND due_at IS NOT NULL', id) === undefined,
    counts(since) {
      const count = (sql: string) =>
        Number(store.get(`SELECT count(*) AS n FROM recipient WHERE ${sql}`, since)?.['n']);
      const failedLater = count("news_at >= ? AND news_state IN ('failed', 'bounced')");
      const accepted = count(
        "status = 'accepted' AND settled_at >= ? AND coalesce(news_state, '') NOT IN ('failed', 'bounced')",
      );
      const waiting = Number(store.get("SELECT count(*) AS n FROM recipient WHERE status = 'queued'")?.['n']);
      return {
        waiting,
        oldestWaitingAt: oldestWaitingAt(),
        accepted,
        failed: count("status = 'failed' AND settled_at >= ?") + failedLater,
      };
    },
  };
}
