import type { ErrorCode } from '../shared/errors.ts';
import type { Random } from '../shared/model/clock.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import type { Attachment, Message, RouteChoice } from '../shared/model/message.ts';
import type { FinalFailure, Lease, MaySend } from './lease.ts';
import { messageOf, serverOf, statusOf } from './outbox-rows.ts';
import { createSettle } from './outbox-settle.ts';
import { outboxWrites } from './outbox-writes.ts';
import { GIVE_UP_AFTER_MS, GIVE_UP_GRACE_MS, LONGEST_WAIT_MS } from './retry-policy.ts';
import type { Row, Store } from './store.ts';

export type { FinalFailure, Lease, MaySend } from './lease.ts';

/** How long a lease lasts: longer than the longest send (two minutes a server, several servers). */
const LEASE_MS = 15 * 60_000;

/**
 * The durable queue: what has been decided to be sent, with a state for each recipient. Nothing is ever deleted from
 * it; what is settled is the delivery log. All methods may be called inside a transaction of the store, which is how
 * an alert's change of state and its mail become one commit.
 */
export interface Outbox {
  accept(messages: readonly Message[], now: number): void;
  /** Puts the files of a message beside it. Called in the transaction that accepts it. */
  attach(id: string, attachments: readonly Attachment[]): void;
  /** Makes several calls one commit, durable when it returns; an exception undoes them all. */
  together<Value>(calls: () => Value): Value;
  /** Leases the message that has been due longest and may be sent now, or none. */
  lease(route: RouteChoice, now: number, maySend: MaySend): Lease | null;
  /**
   * Writes down what a send came to and ends the lease: each recipient is accepted, failed for good, or queued for the
   * next try. Returns the recipients that failed for good. No attempts: nothing was tried, and all stays as it was.
   */
  settle(lease: Lease, attempts: readonly Attempt[], now: number): FinalFailure[];
  /** Notes once, on each message that waits and was never tried, why it waits. */
  explainWaiting(route: RouteChoice, attempt: Omit<Attempt, 'outcomes'>): void;
  /** Gives up what has waited for five days without a server to try it on. */
  expire(route: RouteChoice, now: number, code: ErrorCode): FinalFailure[];
  /** Makes everything that waits due at once: settings changed, the network is up, a server answers again. */
  makeDue(route: RouteChoice | null, now: number): void;
  /**
   * Ends leases that an earlier process left behind. For the owner of the data folder, at start; nothing is given up for
   * the next hour.
   */
  takeOver(now: number): void;
  /** Nothing is given up for the next hour: the computer was asleep, or its clock was set, and the time is not its fault. */
  postponeGivingUp(now: number): void;
  /** When something falls due next by this route; null where nothing waits. Leased messages do not count. */
  nextDueAt(route: RouteChoice): number | null;
  /** Messages not settled yet by this route, leased ones included. */
  waiting(route: RouteChoice): number;
  /** Queues the failed recipients of a message anew. False where there is no such message or nobody to try. */
  resend(id: string, now: number): boolean;
}

const NOT_LEASED = '(lease_until IS NULL OR lease_until <= ?1 OR lease_until > ?1 + ?2)';

export function createOutbox(store: Store, random: Random): Outbox {
  const writes = outboxWrites(store);
  const settle = createSettle(store, writes, random);

  const postponeGivingUp = (now: number) =>
    store.run(
      'UPDATE message SET give_up_at = ?1 WHERE due_at IS NOT NULL AND give_up_at < ?1',
      now + GIVE_UP_GRACE_MS,
    );

  return {
    together: (calls) => store.transaction(calls),

    accept(messages, now) {
      store.transaction(() => {
        for (const message of messages) writes.insertMessage(message, now);
      });
    },

    attach(id, attachments) {
      const seq = writes.seqOf(id);
      attachments.forEach(({ name, content }, position) => {
        store.run(
          'INSERT INTO attachment (message_seq, position, name, content) VALUES (?, ?, ?, ?)',
          seq,
          position,
          name,
          content,
        );
      });
    },

    lease(route, now, maySend) {
      return store.transaction(() => {
        // A next try further away than any wait means that the clock was set back: it counts as due.
        // Without the texts, which are read of one message only; and all of them, because any number may wait for a server.
        const candidate = store.find(
          `SELECT seq, id, due_at, pin_host, pin_port, pin_security, pin_until FROM message
             WHERE route = ?3 AND due_at IS NOT NULL AND (due_at <= ?1 OR due_at > ?1 + ?4)
             AND ${NOT_LEASED} ORDER BY due_at, seq`,
          [now, LEASE_MS, route, LONGEST_WAIT_MS],
          (row) => maySend(serverOf(row, now), String(row['id'])),
        );
        if (!candidate) return null;
        const seq = Number(candidate['seq']);
        store.run('UPDATE message SET lease_until = ? WHERE seq = ?', now + LEASE_MS, seq);
        const row = store.get('SELECT * FROM message WHERE seq = ?', seq) ?? candidate;
        const rows = writes.recipientsOf(seq);
        const dueBy = Number(row['due_at']) > now ? Number.MAX_SAFE_INTEGER : now;
        const turn = rows.filter(
          (recipient) => statusOf(recipient) === 'queued' && Number(recipient['next_attempt_at']) <= dueBy,
        );
        const address = (recipient: Row) => String(recipient['address']);
        const message = messageOf(row, rows.map(address));
        return {
          message,
          recipients: turn.map(address),
          pinnedServer: serverOf(row, now),
          attachments: message.attachments.length === 0 ? [] : writes.attachmentsOf(seq),
        };
      });
    },

    settle: (lease, attempts, now) => store.transaction(() => settle(lease, attempts, now)),

    explainWaiting(route, attempt) {
      store.transaction(() => {
        const rows = store.all(
          'SELECT seq FROM message WHERE route = ? AND due_at IS NOT NULL AND explained = 0 AND lease_until IS NULL',
          route,
        );
        for (const row of rows) {
          writes.insertAttempt(Number(row['seq']), { ...attempt, outcomes: [] });
          store.run('UPDATE message SET explained = 1 WHERE seq = ?', Number(row['seq']));
        }
      });
    },

    expire(route, now, code) {
      return store.transaction(() => {
        const rows = store.all(
          `SELECT * FROM message WHERE route = ?3 AND due_at IS NOT NULL AND give_up_at <= ?1 AND ${NOT_LEASED}`,
          now,
          LEASE_MS,
          route,
        );
        return rows.flatMap((row) => {
          const seq = Number(row['seq']);
          const recipients = writes.recipientsOf(seq);
          const addresses = recipients.map((recipient) => String(recipient['address']));
          const message = messageOf(row, addresses);
          const queued = recipients.filter((recipient) => recipient['status'] === 'queued');
          for (const recipient of queued) {
            const attempts = Number(recipient['attempts']);
            const state = { status: 'failed', attempts, nextAttemptAt: null, settledAt: now } as const;
            writes.setRecipient(seq, Number(recipient['position']), state, { code, reply: null });
          }
          writes.updateDue(seq);
          return queued.map((recipient) => ({
            message,
            address: String(recipient['address']),
            code,
            reply: null,
          }));
        });
      });
    },

    makeDue(route, now) {
      store.transaction(() => {
        store.run(
          `UPDATE recipient SET next_attempt_at = ?1 WHERE status = 'queued' AND next_attempt_at > ?1
             AND message_seq IN (SELECT seq FROM message WHERE due_at IS NOT NULL AND route = coalesce(?2, route))`,
          now,
          route,
        );
        store.run(
          'UPDATE message SET due_at = ?1 WHERE due_at > ?1 AND route = coalesce(?2, route)',
          now,
          route,
        );
      });
    },

    takeOver(now) {
      store.transaction(() => {
        store.run('UPDATE message SET lease_until = NULL WHERE lease_until IS NOT NULL');
        postponeGivingUp(now);
      });
    },

    postponeGivingUp(now) {
      store.transaction(() => postponeGivingUp(now));
    },

    nextDueAt(route) {
      const sql =
        'SELECT min(due_at) AS due FROM message WHERE route = ? AND due_at IS NOT NULL AND lease_until IS NULL';
      const due = store.get(sql, route)?.['due'];
      return due === null || due === undefined ? null : Number(due);
    },

    waiting(route) {
      return Number(
        store.get('SELECT count(*) AS n FROM message WHERE route = ? AND due_at IS NOT NULL', route)?.['n'],
      );
    },

    resend(id, now) {
      return store.transaction(() => {
        const row = store.get('SELECT seq FROM message WHERE id = ?', id);
        if (!row) return false;
        const seq = Number(row['seq']);
        const changed = store.run(
          `UPDATE recipient SET status = 'queued', next_attempt_at = ?2, settled_at = NULL
             WHERE message_seq = ?1 AND status <> 'accepted'`,
          seq,
          now,
        );
        if (changed === 0) return false;
        store.run('UPDATE message SET give_up_at = ?2 WHERE seq = ?1', seq, now + GIVE_UP_AFTER_MS);
        writes.updateDue(seq);
        return true;
      });
    },
  };
}
