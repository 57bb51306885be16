import type { ErrorCode } from '../shared/errors.ts';
import type { Random } from '../shared/model/clock.ts';
import type { Attempt, RecipientOutcome } from '../shared/model/delivery.ts';
import type { FallbackCause } from './fallback-policy.ts';
import type { FinalFailure, Lease, Submission } from './lease.ts';
import type { OutboxWrites } from './outbox-writes.ts';
import { nextAttemptAt, PIN_MS } from './retry-policy.ts';
import type { Row, Store } from './store.ts';
import { DamagedValue, storedJson } from './store-failure.ts';

/** Who is to be handed to the Web Service, and why. */
export interface FallbackPlan {
  readonly recipients: readonly string[];
  readonly cause: FallbackCause;
  readonly reason: string;
  /** Those of them whom a mail server refused for good: refused by the service as well, they get no further try. */
  readonly refused: readonly string[];
}

/** A set of recipients as it was written down before it was handed over for the first time. */
export interface OpenSubmission {
  readonly submission: Submission;
  readonly recipients: readonly string[];
}

/**
 * The sets of recipients that are handed to the Web Service. A set and its key are written down before the first
 * request, so that after a crash the same key goes with the same recipients and the service accepts it once. While a set
 * is open, its recipients go by no other way.
 */
export interface Submissions {
  /** Writes a set down and makes its message due. What it returns has not been asked for yet. */
  open(seq: number, message: Lease['message'], plan: FallbackPlan, now: number): OpenSubmission;
  /** The open set of a message's row; null where there is none. */
  openOf(row: Row): OpenSubmission | null;
  settle(lease: Lease, submission: Submission, attempts: readonly Attempt[], now: number): FinalFailure[];
  /** Gives sets back to the mail servers that the service may have and could not be asked about for PIN_MS. */
  release(now: number): void;
}

interface StoredRecipient {
  readonly address: string;
  readonly refused: boolean;
}

/** `taken`: the service accepted it. `returned`: its recipients go by the mail servers again. */
interface End {
  readonly state: 'taken' | 'returned';
  /** Whether that is certain; else the service may have it all the same. */
  readonly isSure: boolean;
}

export function createSubmissions(store: Store, writes: OutboxWrites, random: Random): Submissions {
  const rowOf = (seq: number, number: number) => {
    const row = store.get('SELECT * FROM fallback_set WHERE message_seq = ? AND number = ?', seq, number);
    if (!row) throw new DamagedValue('a fallback');
    return row;
  };

  const close = (seq: number, number: number, end: End) => {
    store.run(
      `UPDATE fallback_set SET state = ?1, unsure_since = CASE WHEN ?2 THEN NULL ELSE unsure_since END
         WHERE message_seq = ?3 AND number = ?4`,
      end.state,
      end.isSure ? 1 : 0,
      seq,
      number,
    );
    store.run('UPDATE message SET fallback_set = NULL WHERE seq = ? AND fallback_set = ?', seq, number);
  };

  return {
    open(seq, message, plan, now) {
      const { cause, reason } = plan;
      const wanted = new Set(plan.recipients);
      const recipients = message.recipients.filter((address) => wanted.has(address));
      const earlier = store.all('SELECT * FROM fallback_set WHERE message_seq = ? ORDER BY number', seq);
      // A set that was handed over before keeps its key, because the service may have it under that.
      const same = earlier.find(
        (row) => row['state'] !== 'taken' && sameAddresses(recipientsOf(row), recipients),
      );
      const number = same === undefined ? earlier.length + 1 : Number(same['number']);
      const unsureSince = typeof same?.['unsure_since'] === 'number' ? same['unsure_since'] : null;
      const key = number === 1 ? message.id : `${message.id}.${number}`;
      const refused = new Set(plan.refused);
      const stored = recipients.map(
        (address): StoredRecipient => ({ address, refused: refused.has(address) }),
      );
      store.run(
        `INSERT OR REPLACE INTO fallback_set (message_seq, number, key, recipients, cause, reason, state, unsure_since)
           VALUES (?, ?, ?, ?, ?, ?, 'open', ?)`,
        seq,
        number,
        key,
        JSON.stringify(stored),
        cause,
        reason,
        // From here on it may be handed over at any moment: whoever reads this row cannot know whether it was.
        unsureSince ?? now,
      );
      store.run('UPDATE message SET fallback_set = ? WHERE seq = ?', number, seq);
      return { submission: { key, cause, reason, unsureSince }, recipients };
    },

    openOf(message) {
      const number = message['fallback_set'];
      if (number === null || number === undefined) return null;
      const row = rowOf(Number(message['seq']), Number(number));
      const submission = {
        key: String(row['key']),
        cause: String(row['cause']) as FallbackCause,
        reason: String(row['reason']),
        unsureSince: Number(row['unsure_since']),
      };
      return { submission, recipients: recipientsOf(row).map(({ address }) => address) };
    },

    settle(lease, submission, attempts, now) {
      const { message } = lease;
      const seq = writes.seqOf(message.id);
      const own = store.get('SELECT give_up_at FROM message WHERE seq = ?', seq);
      const set = store.get(
        'SELECT * FROM fallback_set WHERE message_seq = ? AND key = ?',
        seq,
        submission.key,
      );
      if (!set) throw new DamagedValue('a fallback');
      const last = new Map(
        attempts.flatMap(({ outcomes }) => outcomes.map((outcome) => [outcome.address, outcome])),
      );
      for (const attempt of attempts) writes.insertAttempt(seq, attempt);
      const end = endAfter(submission, [...last.values()], now);
      const refusedBefore = new Set(
        recipientsOf(set).flatMap(({ address, refused }) => (refused ? [address] : [])),
      );
      const failures: FinalFailure[] = [];
      for (const recipient of writes.recipientsOf(seq)) {
        const address = String(recipient['address']);
        if (!lease.recipients.includes(address) || recipient['status'] === 'accepted') continue;
        const outcome = last.get(address);
        if (recipient['status'] === 'failed' && outcome?.verdict !== 'accepted') continue;
        // The try by SMTP that led here has been counted; asking the service once more has not.
        const tried = Number(recipient['attempts']) + (submission.unsureSince === null ? 0 : 1);
        const isRefused =
          end?.state === 'returned' && outcome?.verdict === 'rejected' && refusedBefore.has(address);
        const next =
          outcome?.verdict === 'accepted' || isRefused
            ? null
            : nextAttemptAt(tried, now, Number(own?.['give_up_at']), random.fraction());
        const status = outcome?.verdict === 'accepted' ? 'accepted' : next === null ? 'failed' : 'queued';
        const settledAt = status === 'queued' ? null : now;
        const words = outcome ?? { code: null, reply: null };
        writes.setRecipient(
          seq,
          Number(recipient['position']),
          { status, attempts: tried, nextAttemptAt: next, settledAt },
          words,
        );
        if (status === 'failed') failures.push({ message, address, code: words.code, reply: words.reply });
      }
      if (end !== null) close(seq, Number(set['number']), end);
      writes.updateDue(seq, attempts.length > 0);
      return failures;
    },

    release(now) {
      const rows = store.all(
        `SELECT m.seq, s.number FROM queue q JOIN message m ON m.seq = q.message_seq
           JOIN fallback_set s ON s.message_seq = m.seq AND s.number = m.fallback_set
           WHERE q.route = 'smtp' AND q.lease_until IS NULL
             AND (s.unsure_since <= ?1 - ?2 OR s.unsure_since > ?1 + ?2)`,
        now,
        PIN_MS,
      );
      for (const row of rows) {
        const seq = Number(row['seq']);
        writes.insertAttempt(seq, released(now));
        close(seq, Number(row['number']), { state: 'returned', isSure: false });
      }
    },
  };
}

/** How a set ends after the service was asked; null while it may have it. No outcome at all: nothing was tried. */
function endAfter(submission: Submission, outcomes: readonly RecipientOutcome[], now: number): End | null {
  const { unsureSince } = submission;
  const isAsked = outcomes.length > 0;
  if (isAsked && outcomes.every(({ verdict }) => verdict === 'accepted'))
    return { state: 'taken', isSure: true };
  const isLost = outcomes.some(({ verdict }) => verdict === 'unknown');
  if (unsureSince === null) return isLost ? null : { state: 'returned', isSure: true };
  // What was unsure before stays so, unless the answer could not have come after an acceptance.
  if (isAsked && outcomes.every(isCertain)) return { state: 'returned', isSure: true };
  return isOverdue(unsureSince, now) ? { state: 'returned', isSure: false } : null;
}

/**
 * The service judges the same mail the same way each time, so what it refuses as malformed it has never accepted.
 * Refusals for other reasons, such as a subscription that has ended since, say nothing about earlier requests.
 */
const NEVER_ACCEPTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'relay_refused_invalid_message',
  'relay_refused_too_large',
  'relay_refused_attachments_not_relayed',
  // An address that is none; it is not even asked about.
  'smtp_recipient_rejected',
]);

function isCertain({ verdict, code }: RecipientOutcome): boolean {
  return verdict === 'accepted' || (verdict === 'rejected' && code !== null && NEVER_ACCEPTED.has(code));
}

/** Much later than now: the clock was set back. */
function isOverdue(unsureSince: number, now: number): boolean {
  return now - unsureSince >= PIN_MS || unsureSince > now + PIN_MS;
}

function released(at: number): Attempt {
  return {
    at,
    durationMs: 0,
    route: 'relay',
    server: null,
    stage: 'route',
    code: 'relay_unreachable',
    reply: null,
    reason:
      'the Web Service may have it and could not be asked for 30 min; rather twice than not at all, it goes by the mail servers again',
    outcomes: [],
  };
}

function recipientsOf(row: Row): StoredRecipient[] {
  return storedJson(row['recipients'], 'a fallback') as StoredRecipient[];
}

function sameAddresses(stored: readonly StoredRecipient[], recipients: readonly string[]): boolean {
  return (
    stored.length === recipients.length && stored.every(({ address }, index) => address === recipients[index])
  );
}
