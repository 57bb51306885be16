import type {
  AttemptRoute,
  DeliveryRecord,
  DeliverySummary,
  LatestMessage,
} from '../shared/model/delivery.ts';
import type { MessageSource } from '../shared/model/message.ts';
import { attemptOf, messageOf, recipientStateOf, summaryOf } from './outbox-rows.ts';
import type { Row, Store } from './store.ts';

export interface LogQuery {
  /** At most so many, newest first. */
  readonly limit: number;
  /** Only messages made at or after this wall-clock time. */
  readonly since: number | null;
  /** Only messages that came before this one, by its id, to read a long log in parts; absent or null for all. */
  readonly before?: string | null;
  /**
   * Words, apart by spaces, that all stand in the subject, in one of the recipients' addresses or in the name of what
   * raised the message; upper and lower case of ASCII letters are alike. Absent or null for all.
   */
  readonly search?: string | null | undefined;
  /**
   * Only messages of which at least one recipient is in this state, by what is known now: one that was accepted and came
   * back has failed. Absent or null for all.
   */
  readonly status?: 'waiting' | 'accepted' | 'failed' | null | undefined;
  /** Only messages whose last attempt went this way, or that are to go this way; absent or null for all. */
  readonly route?: AttemptRoute | null | undefined;
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
  /** The same without the mails' words and attempts: what a list shows. */
  rows(query: LogQuery): DeliverySummary[];
  /** By id or Message-ID, with or without angle brackets. */
  find(id: string): DeliveryRecord | null;
  /** The id of the message that was made last; null while there is none. */
  newestId(): string | null;
  counts(since: number): DeliveryCounts;
  /** The newest message of each source of a type, in no order. */
  latest(type: MessageSource['type']): LatestMessage[];
  oldestWaitingAt(): number | null;
  /** Whether nothing of a message is queued any more. A message that is not known counts as settled. */
  isSettled(id: string): boolean;
}

export function createDeliveryLog(store: Store): DeliveryLog {
  const recipientsOf = (seq: number) =>
    store.all('SELECT * FROM recipient WHERE message_seq = ? ORDER BY position', seq).map(recipientStateOf);

  const recordOf = (row: Row): DeliveryRecord => {
    const seq = Number(row['seq']);
    const recipients = recipientsOf(seq);
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
    const oldest = store.get('SELECT min(created_at) AS at FROM queue JOIN message ON seq = message_seq')?.[
      'at'
    ];
    return typeof oldest === 'number' ? oldest : null;
  };

  const select = (columns: string, query: LogQuery): Row[] => {
    const { limit, since, before = null, search = null, status = null, route = null } = query;
    const words = wordsOf(search);
    return store.all(
      `SELECT ${columns} FROM message WHERE created_at >= ?1
         AND (?2 IS NULL OR seq < (SELECT seq FROM message WHERE id = ?2))
         AND (?4 IS NULL OR EXISTS
           (SELECT 1 FROM recipient WHERE message_seq = message.seq AND ${STATE_NOW} = ?4))
         AND (?5 IS NULL OR ${ROUTE_NOW} = ?5)
         ${words.map((_, index) => containsWord(index + 6)).join(' ')}
         ORDER BY seq DESC LIMIT ?3`,
      since ?? 0,
      before,
      limit,
      status === 'waiting' ? 'queued' : status,
      route,
      ...words.map(likePattern),
    );
  };

  return {
    list: (query) => select('*', query).map(recordOf),
    rows: (query) =>
      select(SUMMARY_COLUMNS, query).map((row) => {
        const seq = Number(row['seq']);
        return summaryOf(row, store.get(LAST_TRY, seq), recipientsOf(seq));
      }),
    find(id) {
      const bare = id.trim().replace(/^<|>$/g, '');
      // What stands before the @ of a Message-ID is the id, also where the Web Service has put its own domain behind it.
      const local = bare.includes('@') ? bare.slice(0, bare.lastIndexOf('@')).replace(/\.sms$/, '') : bare;
      const row = store.get('SELECT * FROM message WHERE id IN (?, ?)', bare, local);
      return row ? recordOf(row) : null;
    },
    latest(type) {
      const count = (condition: string) =>
        `(SELECT count(*) FROM recipient WHERE message_seq = message.seq AND ${condition})`;
      const lost = "coalesce(news_state, '') IN ('failed', 'bounced')";
      return store
        .all(
          `SELECT source_name, id, created_at,
             ${count("status = 'queued'")} AS waiting,
             ${count(`status = 'accepted' AND NOT ${lost}`)} AS accepted,
             ${count(`(status = 'failed' OR ${lost})`)} AS failed
           FROM message
           WHERE seq IN (SELECT max(seq) FROM message WHERE source_type = ? GROUP BY source_name)`,
          type,
        )
        .map((row) => ({
          name: String(row['source_name']),
          id: String(row['id']),
          at: Number(row['created_at']),
          waiting: Number(row['waiting']),
          accepted: Number(row['accepted']),
          failed: Number(row['failed']),
        }));
    },
    newestId() {
      const id = store.get('SELECT id FROM message ORDER BY seq DESC LIMIT 1')?.['id'];
      return typeof id === 'string' ? id : null;
    },
    oldestWaitingAt,
    isSettled: (id) =>
      store.get('SELECT 1 FROM message JOIN queue ON message_seq = seq WHERE id = ?', id) === undefined,
    counts(since) {
      const count = (sql: string) =>
        Number(store.get(`SELECT count(*) AS n FROM recipient WHERE ${sql}`, since)?.['n']);
      const failedLater = count("news_at >= ? AND news_state IN ('failed', 'bounced')");
      const accepted = count(
        "status = 'accepted' AND settled_at >= ? AND coalesce(news_state, '') NOT IN ('failed', 'bounced')",
      );
      // A cross join is read in the order it is written: first the queue, which is short, and not all of the log.
      const waiting = Number(
        store.get(
          `SELECT count(*) AS n FROM queue CROSS JOIN recipient ON recipient.message_seq = queue.message_seq
             WHERE status = 'queued'`,
        )?.['n'],
      );
      return {
        waiting,
        oldestWaitingAt: oldestWaitingAt(),
        accepted,
        failed: count("status = 'failed' AND settled_at >= ?") + failedLater,
      };
    },
  };
}

const SUMMARY_COLUMNS = 'seq, id, subject, source_type, source_name, created_at, route';

/** `isFailed` of `shared/model/delivery.ts`, in SQL. */
const STATE_NOW = "CASE WHEN news_state IN ('failed', 'bounced') THEN 'failed' ELSE status END";

/** The last attempt at a message that reached for a server; the practice mailbox is none and is tried all the same. */
const LAST_TRY = `SELECT route, host, port, security FROM attempt
  WHERE message_seq = ? AND (host IS NOT NULL OR route = 'practice') ORDER BY seq DESC LIMIT 1`;

const ROUTE_NOW = `coalesce((SELECT attempt.route FROM attempt
  WHERE message_seq = message.seq AND (host IS NOT NULL OR attempt.route = 'practice')
  ORDER BY attempt.seq DESC LIMIT 1), message.route)`;

/** More words than this are not looked for. */
const WORDS_MAX = 10;

function wordsOf(search: string | null): string[] {
  return (search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
}

function containsWord(parameter: number): string {
  const like = `LIKE ?${parameter} ESCAPE '\\'`;
  return `AND (subject ${like} OR source_name ${like} OR EXISTS
    (SELECT 1 FROM recipient WHERE message_seq = message.seq AND address ${like}))`;
}

/** The word anywhere; what LIKE takes for a sign of its own is taken as it is. */
function likePattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
