import type { Row, Store } from '../../../mail/store.ts';
import { DamagedValue, storedJson } from '../../../mail/store-failure.ts';
import type { SmtpEventAction, SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { EventActionRecord, SmtpEvent, SmtpEventRecord } from '../../../shared/model/smtp-event.ts';
import { type LocalMoment, ruleMatches } from './rules.ts';

/** Events are kept for 30 days, as the relay keeps its ids, and no more than so many. */
const KEPT_MS = 30 * 24 * 3_600_000;
const KEPT_EVENTS = 10_000;
/** Web pages have no max frequency: in a storm, so many calls wait, and the rest is counted. */
const MOST_WAITING = 1000;
const MINUTE_MS = 60_000;
/** No action is put off further: one that seems to be is due, for the clock was set back. */
const LONGEST_WAIT_MS = 10 * MINUTE_MS;

/** An action that is to be done, with the event it is about. */
export interface DueAction {
  readonly seq: number;
  readonly event: SmtpEvent;
  readonly rule: string;
  readonly action: SmtpEventAction;
  readonly tries: number;
  /** Events that this action kept silent about since it was done last, and the time of the first of them. */
  readonly suppressed: number;
  readonly suppressedSince: number | null;
  /** Somebody tries the rule: the event is made up, and what leaves says so. */
  readonly isTest: boolean;
}

/** The log of SMTP events and the queue of what is to be done about them. */
export interface EventStore {
  /**
   * Writes events down and decides in the same commit what is to be done: once for each action of each rule that
   * matches, no more often than its max frequency. What is held back is counted, and said with the next one.
   */
  record(events: readonly SmtpEvent[], rules: readonly SmtpEventRule[], moment: LocalMoment): void;
  /** Actions that are due, oldest first; those in hand are left out. */
  due(now: number, inHand: ReadonlySet<number>, limit: number): DueAction[];
  nextDueAt(inHand: ReadonlySet<number>): number | null;
  /** Notes that an action is begun: it may be cut off, and is not to be begun for ever. */
  begin(seq: number): void;
  /** Ends an action; `alongside` is written in the same commit. */
  settle(seq: number, status: 'done' | 'failed', outcome: string, now: number, alongside?: () => void): void;
  postpone(seq: number, outcome: string, dueAt: number): void;
  /** Newest first; `before` is the id of the last one of the part before. */
  list(limit: number, before: number | null): SmtpEventRecord[];
}

export function createEventStore(store: Store): EventStore {
  /** Gives what was held back so far where the action is to be done now; null where it is held back. */
  const admit = (rule: SmtpEventRule, position: number, now: number) => {
    const action = rule.actions[position];
    if (action === undefined) return null;
    const key = JSON.stringify([rule.name.toLowerCase(), position, action.type]);
    const row = store.get('SELECT * FROM action_frequency WHERE key = ?', key);
    const sinceMs = row === undefined ? Number.POSITIVE_INFINITY : now - Number(row['last_at']);
    const everyMs = 'maxFrequencyMinutes' in action ? action.maxFrequencyMinutes * MINUTE_MS : 0;
    // A last time that lies in the future is that of a clock that was set back.
    const isHeldBack = (sinceMs >= 0 && sinceMs < everyMs) || waiting() >= MOST_WAITING;
    if (isHeldBack) {
      store.run(
        `INSERT INTO action_frequency (key, last_at, suppressed, suppressed_since) VALUES (?1, ?2, 1, ?2)
           ON CONFLICT (key) DO UPDATE SET suppressed = suppressed + 1,
             suppressed_since = coalesce(suppressed_since, ?2)`,
        key,
        now,
      );
      return null;
    }
    store.run(
      'INSERT OR REPLACE INTO action_frequency (key, last_at, suppressed, suppressed_since) VALUES (?, ?, 0, NULL)',
      key,
      now,
    );
    return {
      action,
      suppressed: Number(row?.['suppressed'] ?? 0),
      since: numberOrNull(row?.['suppressed_since']),
    };
  };

  const waiting = () =>
    Number(store.get('SELECT count(*) AS n FROM event_action WHERE due_at IS NOT NULL')?.['n']);

  const forgetOld = (now: number) => {
    const isSettled =
      'NOT EXISTS (SELECT 1 FROM event_action WHERE event_seq = smtp_event.seq AND due_at IS NOT NULL)';
    store.run(`DELETE FROM smtp_event WHERE at < ? AND ${isSettled}`, now - KEPT_MS);
    store.run(
      `DELETE FROM smtp_event WHERE seq <= (SELECT max(seq) FROM smtp_event) - ? AND ${isSettled}`,
      KEPT_EVENTS,
    );
  };

  const recordOne = (event: SmtpEvent, rules: readonly SmtpEventRule[], moment: LocalMoment) => {
    store.run('INSERT INTO smtp_event (at, event) VALUES (?, ?)', event.at, JSON.stringify(event));
    const eventSeq = Number(store.get('SELECT max(seq) AS seq FROM smtp_event')?.['seq']);
    for (const rule of rules.filter((each) => ruleMatches(each, event, moment))) {
      rule.actions.forEach((_, position) => {
        const admitted = admit(rule, position, event.at);
        if (admitted === null) return;
        store.run(
          `INSERT INTO event_action (event_seq, rule, type, action, suppressed, suppressed_since, status, due_at)
             VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)`,
          eventSeq,
          rule.name,
          admitted.action.type,
          JSON.stringify(admitted.action),
          admitted.suppressed,
          admitted.since,
          event.at,
        );
      });
    }
  };

  const actionsOf = (eventSeq: number): EventActionRecord[] =>
    store.all('SELECT * FROM event_action WHERE event_seq = ? ORDER BY seq', eventSeq).map((row) => ({
      rule: String(row['rule']),
      type: String(row['type']),
      status: statusOf(row),
      tries: Number(row['tries']),
      settledAt: numberOrNull(row['settled_at']),
      outcome: typeof row['outcome'] === 'string' ? row['outcome'] : null,
      suppressed: Number(row['suppressed']),
    }));

  return {
    record(events, rules, moment) {
      store.transaction(() => {
        for (const event of events) recordOne(event, rules, moment);
        const last = events.at(-1);
        if (last !== undefined) forgetOld(last.at);
      });
    },
    due(now, inHand, limit) {
      const rows = store.all(
        `SELECT a.*, e.event FROM event_action a JOIN smtp_event e ON e.seq = a.event_seq
           WHERE a.due_at <= ?1 OR a.due_at > ?1 + ?2 ORDER BY a.due_at, a.seq LIMIT ?3`,
        now,
        LONGEST_WAIT_MS,
        limit + inHand.size,
      );
      return rows
        .filter((row) => !inHand.has(Number(row['seq'])))
        .slice(0, limit)
        .map(dueAction);
    },
    nextDueAt(inHand) {
      const rows = store.all(
        'SELECT seq, due_at FROM event_action WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ?',
        inHand.size + 1,
      );
      const next = rows.find((row) => !inHand.has(Number(row['seq'])));
      return next === undefined ? null : Number(next['due_at']);
    },
    begin(seq) {
      store.transaction(() => store.run('UPDATE event_action SET tries = tries + 1 WHERE seq = ?', seq));
    },
    settle(seq, status, outcome, now, alongside) {
      store.transaction(() => {
        alongside?.();
        store.run(
          'UPDATE event_action SET status = ?, outcome = ?, settled_at = ?, due_at = NULL, action = NULL WHERE seq = ?',
          status,
          outcome,
          now,
          seq,
        );
      });
    },
    postpone(seq, outcome, dueAt) {
      store.transaction(() =>
        store.run('UPDATE event_action SET outcome = ?, due_at = ? WHERE seq = ?', outcome, dueAt, seq),
      );
    },
    list: (limit, before) =>
      store
        .all(
          'SELECT seq, event FROM smtp_event WHERE ?1 IS NULL OR seq < ?1 ORDER BY seq DESC LIMIT ?2',
          before,
          limit,
        )
        .map((row) => ({
          id: Number(row['seq']),
          event: eventOf(row),
          actions: actionsOf(Number(row['seq'])),
        })),
  };
}

function dueAction(row: Row): DueAction {
  return {
    seq: Number(row['seq']),
    event: eventOf(row),
    rule: String(row['rule']),
    action: storedJson(row['action'], 'an action') as SmtpEventAction,
    tries: Number(row['tries']),
    suppressed: Number(row['suppressed']),
    suppressedSince: numberOrNull(row['suppressed_since']),
    isTest: false,
  };
}

function eventOf(row: Row): SmtpEvent {
  return storedJson(row['event'], 'an SMTP event') as SmtpEvent;
}

const STATUSES: ReadonlySet<unknown> = new Set<EventActionRecord['status']>(['queued', 'done', 'failed']);

function statusOf(row: Row): EventActionRecord['status'] {
  const { status } = row;
  if (!STATUSES.has(status)) throw new DamagedValue('the state of an action');
  return status as EventActionRecord['status'];
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
