import type { ErrorCode } from '../shared/errors.ts';
import type { Random } from '../shared/model/clock.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import type { Attachment, Message, RouteChoice } from '../shared/model/message.ts';
import type { Candidate, FinalFailure, Lease, MaySend } from './lease.ts';
import { createLeasing, NOT_LEASED } from './outbox-lease.ts';
import { candidateOf, messageOf } from './outbox-rows.ts';
import { createSettle } from './outbox-settle.ts';
import { LEASE_MS, outboxWrites } from './outbox-writes.ts';
import { GIVE_UP_AFTER_MS, GIVE_UP_GRACE_MS } from './retry-policy.ts';
import type { Store } from './store.ts';
import { createSubmissions, type FallbackPlan } from './submissions.ts';

export type { FinalFailure, Lease, MaySend } from './lease.ts';

/**
 * The durable queue: what has been decided to be sent, with a state for each recipient. What is settled stays as the
 * delivery log, until that is too large (log-retention.ts). All methods may be called inside a transaction of the store, which is how
 * an alert's change of state and its mail become one commit.
 */
export interface Outbox {
  accept(messages: readonly Message[], now: number): void;
  /** Puts the files of a message beside it. Called in the transaction that accepts it. */
  attach(id: string, attachments: readonly Attachment[]): void;
  /** Makes several calls one commit, durable when it returns; an exception undoes them all. */
  together<Value>(calls: () => Value): Value;
  /** The same for what may be durable a few milliseconds later (`Store.transactionSoon`). */
  togetherSoon<Value>(calls: () => Value, onFault: (error: unknown) => void): Value;
  /** Leases the message that has been due longest and may be sent now, or none. */
  lease(route: RouteChoice, now: number, maySend: MaySend): Lease | null;
  /**
   * Writes down what a send came to and ends the lease: each recipient is accepted, failed for good, or queued for the
   * next try. Returns the recipients that failed for good. No attempts: nothing was tried, and all stays as it was.
   */
  settle(lease: Lease, attempts: readonly Attempt[], now: number): FinalFailure[];
  /**
   * Writes down that these recipients of a leased message go by the Web Service, under which key and why, before it is
   * asked. Returns the lease to hand over and settle; as long as it is not settled, they go by nothing else.
   */
  submit(lease: Lease, plan: FallbackPlan, now: number): Lease;
  /** Gives back to the servers what the Web Service may have and could not be asked about for half an hour. */
  release(now: number): void;
  /** Whether this was not the last thing said of a message about its fallback; it is from now on. */
  saysAnew(id: string, text: string): boolean;
  /** Notes once, on each message that waits and was never tried, why it waits; null where that is not to be noted. */
  explainWaiting(
    route: RouteChoice,
    explain: (candidate: Candidate) => Omit<Attempt, 'outcomes'> | null,
  ): void;
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

export function createOutbox(store: Store, random: Random): Outbox {
  const writes = outboxWrites(store);
  const submissions = createSubmissions(store, writes, random);
  const leaseNext = createLeasing(store, writes, submissions);
  const settle = createSettle(store, writes, random);

  const postponeGivingUp = (now: number) =>
    store.run(
      'UPDATE message SET give_up_at = ?1 WHERE seq IN (SELECT message_seq FROM queue) AND give_up_at < ?1',
      now + GIVE_UP_GRACE_MS,
    );

  return {
    together: (calls) => store.transaction(calls),

    togetherSoon: (calls, onFault) => store.transactionSoon(calls, onFault),

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

    lease: (route, now, maySend) => store.transaction(() => leaseNext(route, now, maySend)),

    settle: (lease, attempts, now) =>
      store.transaction(() =>
        lease.submission === null
          ? settle(lease, attempts, now)
          : submissions.settle(lease, lease.submission, attempts, now),
      ),

    submit(lease, plan, now) {
      return store.transaction(() => {
        const seq = writes.seqOf(lease.message.id);
        const opened = submissions.open(seq, lease.message, plan, now);
        writes.makeDue(seq, opened.recipients, now);
        writes.lease(seq, now);
        return { ...lease, ...opened };
      });
    },

    release: (now) => store.transaction(() => submissions.release(now)),

    saysAnew(id, text) {
      return (
        store.run(
          'UPDATE message SET fallback_said = ?2 WHERE id = ?1 AND fallback_said IS NOT ?2',
          id,
          text,
        ) > 0
      );
    },

    explainWaiting(route, explain) {
      store.transaction(() => {
        const rows = store.all(
          `SELECT seq, kind, attachments, fallback_set FROM queue JOIN message ON seq = message_seq
             WHERE queue.route = ? AND queue.explained = 0 AND queue.lease_until IS NULL`,
          route,
        );
        for (const row of rows) {
          const attempt = explain(candidateOf(row));
          if (attempt === null) continue;
          writes.insertAttempt(Number(row['seq']), { ...attempt, outcomes: [] });
          store.run('UPDATE queue SET explained = 1 WHERE message_seq = ?', Number(row['seq']));
        }
      });
    },

    expire(route, now, code) {
      return store.transaction(() => {
        const rows = store.all(
          `SELECT message.* FROM queue JOIN message ON seq = message_seq
             WHERE queue.route = ?3 AND give_up_at <= ?1 AND ${NOT_LEASED}`,
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
             AND message_seq IN (SELECT message_seq FROM queue WHERE route = coalesce(?2, route))`,
          now,
          route,
        );
        store.run(
          'UPDATE queue SET due_at = ?1 WHERE due_at > ?1 AND route = coalesce(?2, route)',
          now,
          route,
        );
      });
    },

    takeOver(now) {
      store.transaction(() => {
        store.run('UPDATE queue SET lease_until = NULL WHERE lease_until IS NOT NULL');
        postponeGivingUp(now);
      });
    },

    postponeGivingUp(now) {
      store.transaction(() => postponeGivingUp(now));
    },

    nextDueAt(route) {
      const sql = 'SELECT min(due_at) AS due FROM queue WHERE route = ? AND lease_until IS NULL';
      const due = store.get(sql, route)?.['due'];
      return due === null || due === undefined ? null : Number(due);
    },

    waiting(route) {
      return Number(store.get('SELECT count(*) AS n FROM queue WHERE route = ?', route)?.['n']);
    },

    resend(id, now) {
      return store.transaction(() => {
        const row = store.get(`SELECT seq FROM message WHERE id = ? AND ${HAS_ITS_FILES}`, id);
        if (!row) return false;
        const seq = Number(row['seq']);
        const changed = store.run(
          `UPDATE recipient SET status = 'queued', next_attempt_at = ?2, settled_at = NULL, news_state = NULL,
             news_at = NULL, news_source = NULL, news_reply = NULL
             WHERE message_seq = ?1 AND (status <> 'accepted' OR coalesce(news_state, '') IN ('failed', 'bounced'))`,
          seq,
          now,
        );
        if (changed === 0) return false;
        store.run('UPDATE message SET give_up_at = ?2 WHERE seq = ?1', seq, now + GIVE_UP_AFTER_MS);
        writes.updateDue(seq, true);
        return true;
      });
    },
  };
}

/** A mail whose files made room in the log is not sent without them. */
const HAS_ITS_FILES = `json_array_length(attachments) =
  (SELECT count(*) FROM attachment WHERE message_seq = message.seq)`;
