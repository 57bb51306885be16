import type { ErrorCode } from '../shared/errors.ts';
import type { Attempt, RecipientOutcome, RecipientStatus, ServerName } from '../shared/model/delivery.ts';
import type { Attachment, Message, RouteChoice } from '../shared/model/message.ts';
import type { Random } from '../shared/model/clock.ts';
import { messageOf, rowsOfMessage, serverOf, statusOf } from './outbox-rows.ts';
import {
  GIVE_UP_AFTER_MS,
  GIVE_UP_GRACE_MS,
  LONGEST_WAIT_MS,
  nextAttemptAt,
  PIN_MS,
} from './retry-policy.ts';
import type { Row, Store } from './store.ts';

/** How long a lease lasts: longer than the longest send (two minutes a server, several servers). */
const LEASE_MS = 15 * 60_000;

/** A message that is this worker's alone until it settles it, or the lease runs out. */
export interface Lease {
  readonly message: Message;
  /** Those whose turn it is. */
  readonly recipients: readonly string[];
  readonly pinnedServer: ServerName | null;
  readonly attachments: readonly Attachment[];
}

/** Whether a message may be sent now, by its id and the only server that may have it. */
export type MaySend = (pinnedServer: ServerName | null, id: string) => boolean;

/** A recipient who will get no further try. */
export interface FinalFailure {
  readonly message: Message;
  readonly address: string;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
}

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
  const recipientsOf = (seq: number) =>
    store.all('SELECT * FROM recipient WHERE message_seq = ? ORDER BY position', seq);

  const attachmentsOf = (seq: number): Attachment[] =>
    store
      .all('SELECT name, content FROM attachment WHERE message_seq = ? ORDER BY position', seq)
      .map((row) => ({ name: String(row['name']), content: row['content'] as Uint8Array }));

  const seqOf = (id: string) => Number(store.get('SELECT seq FROM message WHERE id = ?', id)?.['seq']);

  const updateDue = (seq: number) =>
    store.run(
      `UPDATE message SET due_at = (SELECT min(next_attempt_at) FROM recipient
         WHERE message_seq = ?1 AND status = 'queued'), lease_until = NULL WHERE seq = ?1`,
      seq,
    );

  const setRecipient = (
    seq: number,
    position: number,
    state: {
      status: RecipientStatus;
      attempts: number;
      nextAttemptAt: number | null;
      settledAt: number | null;
    },
    outcome: Pick<RecipientOutcome, 'code' | 'reply'>,
  ) =>
    store.run(
      `UPDATE recipient SET status = ?, attempts = ?, next_attempt_at = ?, settled_at = ?, code = ?, reply = ?
         WHERE message_seq = ? AND position = ?`,
      state.status,
      state.attempts,
      state.nextAttemptAt,
      state.settledAt,
      outcome.code,
      outcome.reply,
      seq,
      position,
    );

  const insertAttempt = (seq: number, attempt: Attempt) =>
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

  /** The server that may have the message stays the only one until it has given a definite answer, or for PIN_MS. */
  const updatePin = (seq: number, lease: Lease, attempts: readonly Attempt[], now: number) => {
    const last = attempts.at(-1);
    if (last === undefined) return;
    // Another server may have been asked afterwards for those whom this one refused.
    const lost = attempts.findLast(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'unknown'));
    if (lost?.server) {
      const { host, port, security } = lost.server;
      store.run(
        `UPDATE message SET pin_until = CASE WHEN pin_host = ?1 AND pin_port = ?2 THEN pin_until ELSE ?4 END,
           pin_host = ?1, pin_port = ?2, pin_security = ?3 WHERE seq = ?5`,
        host,
        port,
        security,
        now + PIN_MS,
        seq,
      );
    } else if (lease.pinnedServer !== null && last.outcomes.some((outcome) => outcome.reply !== null)) {
      store.run('UPDATE message SET pin_host = NULL, pin_until = NULL WHERE seq = ?', seq);
    }
  };

  const settle: Outbox['settle'] = (lease, attempts, now) =>
    store.transaction(() => {
      const seq = seqOf(lease.message.id);
      const row = store.get('SELECT give_up_at FROM message WHERE seq = ?', seq);
      const giveUpAt = Number(row?.['give_up_at']);
      const last = new Map(
        attempts.flatMap((attempt) => attempt.outcomes.map((outcome) => [outcome.address, outcome])),
      );
      const failures: FinalFailure[] = [];
      for (const attempt of attempts) insertAttempt(seq, attempt);
      if (attempts.length > 0)
        store.run('UPDATE message SET explained = 1 WHERE seq = ? AND explained = 0', seq);
      for (const recipient of recipientsOf(seq)) {
        const address = String(recipient['address']);
        const outcome = last.get(address);
        if (outcome === undefined || recipient['status'] === 'accepted') continue;
        // Given up while it was on its way: what a server took is accepted all the same.
        if (recipient['status'] === 'failed' && outcome.verdict !== 'accepted') continue;
        const position = Number(recipient['position']);
        const tried = Number(recipient['attempts']) + 1;
        const next =
          outcome.verdict === 'retry' || outcome.verdict === 'unknown'
            ? nextAttemptAt(tried, now, giveUpAt, random.fraction())
            : null;
        const status = outcome.verdict === 'accepted' ? 'accepted' : next === null ? 'failed' : 'queued';
        const settledAt = status === 'queued' ? null : now;
        setRecipient(seq, position, { status, attempts: tried, nextAttemptAt: next, settledAt }, outcome);
        if (status === 'failed')
          failures.push({ message: lease.message, address, code: outcome.code, reply: outcome.reply });
      }
      updatePin(seq, lease, attempts, now);
      updateDue(seq);
      return failures;
    });

  const postponeGivingUp = (now: number) =>
    store.run(
      'UPDATE message SET give_up_at = ?1 WHERE due_at IS NOT NULL AND give_up_at < ?1',
      now + GIVE_UP_GRACE_MS,
    );

  return {
    together: (calls) => store.transaction(calls),

    accept(messages, now) {
      store.transaction(() => {
        for (const message of messages) {
          const rows = rowsOfMessage(message);
          store.run(
            `INSERT INTO message (id, message_id, kind, severity, source_type, source_name, created_at, caused_at, channel,
               route, priority, subject, body_text, body_html, thread, incident_id, attachments, give_up_at, due_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            ...rows,
            now + GIVE_UP_AFTER_MS,
            now,
          );
          const seq = seqOf(message.id);
          message.recipients.forEach((address, position) => {
            store.run(
              "INSERT INTO recipient (message_seq, position, address, status, next_attempt_at) VALUES (?, ?, ?, 'queued', ?)",
              seq,
              position,
              address,
              now,
            );
          });
        }
      });
    },

    attach(id, attachments) {
      const seq = seqOf(id);
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
        const rows = recipientsOf(seq);
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
          attachments: message.attachments.length === 0 ? [] : attachmentsOf(seq),
        };
      });
    },

    settle,

    explainWaiting(route, attempt) {
      store.transaction(() => {
        const rows = store.all(
          'SELECT seq FROM message WHERE route = ? AND due_at IS NOT NULL AND explained = 0 AND lease_until IS NULL',
          route,
        );
        for (const row of rows) {
          insertAttempt(Number(row['seq']), { ...attempt, outcomes: [] });
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
          const recipients = recipientsOf(seq);
          const addresses = recipients.map((recipient) => String(recipient['address']));
          const message = messageOf(row, addresses);
          const queued = recipients.filter((recipient) => recipient['status'] === 'queued');
          for (const recipient of queued) {
            const attempts = Number(recipient['attempts']);
            const state = { status: 'failed', attempts, nextAttemptAt: null, settledAt: now } as const;
            setRecipient(seq, Number(recipient['position']), state, { code, reply: null });
          }
          updateDue(seq);
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
          `UPDATE recipient SET status = 'queued', next_attempt_at = ?2, settled_at = NULL, news_state = NULL,
             news_at = NULL, news_source = NULL, news_reply = NULL
             WHERE message_seq = ?1 AND (status <> 'accepted' OR coalesce(news_state, '') IN ('failed', 'bounced'))`,
          seq,
          now,
        );
        if (changed === 0) return false;
        store.run('UPDATE message SET give_up_at = ?2 WHERE seq = ?1', seq, now + GIVE_UP_AFTER_MS);
        updateDue(seq);
        return true;
      });
    },
  };
}
