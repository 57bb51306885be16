import type { Schema } from './store.ts';

/**
 * The tables of the outbox and the delivery log, which are the same: what is settled stays. A message stands in `queue` as
 * long as it has queued recipients; `due_at` is the earliest next try of these. A fallback set holds recipients that were
 * handed to the Web Service instead, under a key of its own; `message.fallback_set` is the number of the open one.
 */
export const OUTBOX_SCHEMA: Schema = {
  part: 'outbox',
  steps: [
    `CREATE TABLE message (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       id TEXT NOT NULL UNIQUE,
       message_id TEXT NOT NULL,
       kind TEXT NOT NULL, severity TEXT NOT NULL,
       source_type TEXT NOT NULL, source_name TEXT NOT NULL,
       created_at INTEGER NOT NULL, caused_at INTEGER NOT NULL,
       channel TEXT NOT NULL, route TEXT NOT NULL, priority TEXT NOT NULL,
       subject TEXT NOT NULL, body_text TEXT NOT NULL, body_html TEXT,
       thread TEXT NOT NULL, incident_id TEXT,
       give_up_at INTEGER NOT NULL,
       due_at INTEGER,
       lease_until INTEGER,
       explained INTEGER NOT NULL DEFAULT 0,
       pin_host TEXT, pin_port INTEGER, pin_security TEXT, pin_until INTEGER
     ) STRICT;
     CREATE INDEX message_due ON message (route, due_at) WHERE due_at IS NOT NULL;
     CREATE TABLE recipient (
       message_seq INTEGER NOT NULL REFERENCES message (seq),
       position INTEGER NOT NULL,
       address TEXT NOT NULL,
       status TEXT NOT NULL,
       attempts INTEGER NOT NULL DEFAULT 0,
       next_attempt_at INTEGER,
       settled_at INTEGER,
       code TEXT, reply TEXT,
       PRIMARY KEY (message_seq, position)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX recipient_settled ON recipient (status, settled_at);
     CREATE TABLE attempt (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       message_seq INTEGER NOT NULL REFERENCES message (seq),
       at INTEGER NOT NULL, duration_ms REAL NOT NULL,
       route TEXT NOT NULL, host TEXT, port INTEGER, security TEXT,
       stage TEXT NOT NULL, code TEXT, reply TEXT, reason TEXT NOT NULL,
       outcomes TEXT NOT NULL
     ) STRICT;
     CREATE INDEX attempt_message ON attempt (message_seq);`,
    `ALTER TABLE message ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';
     CREATE TABLE attachment (
       message_seq INTEGER NOT NULL REFERENCES message (seq),
       position INTEGER NOT NULL,
       name TEXT NOT NULL,
       content BLOB NOT NULL,
       PRIMARY KEY (message_seq, position)
     ) STRICT;`,
    `CREATE TABLE fallback_set (
       message_seq INTEGER NOT NULL REFERENCES message (seq),
       number INTEGER NOT NULL,
       key TEXT NOT NULL UNIQUE,
       recipients TEXT NOT NULL,
       cause TEXT NOT NULL, reason TEXT NOT NULL,
       state TEXT NOT NULL,
       unsure_since INTEGER,
       PRIMARY KEY (message_seq, number)
     ) STRICT, WITHOUT ROWID;
     ALTER TABLE message ADD COLUMN fallback_set INTEGER;
     ALTER TABLE message ADD COLUMN fallback_said TEXT;`,
    // What was heard after a server had accepted: see mail/recipient-news.ts.
    `ALTER TABLE recipient ADD COLUMN news_state TEXT;
     ALTER TABLE recipient ADD COLUMN news_at INTEGER;
     ALTER TABLE recipient ADD COLUMN news_source TEXT;
     ALTER TABLE recipient ADD COLUMN news_reply TEXT;
     CREATE INDEX recipient_failed_later ON recipient (news_at) WHERE news_state IN ('failed', 'bounced');`,
    // A table of its own: a lease that stands in the message has all of that written anew, twice for each mail.
    // `message.lease_until` was its place before, and stays empty.
    `UPDATE message SET lease_until = NULL WHERE lease_until IS NOT NULL;
     CREATE TABLE lease (message_seq INTEGER PRIMARY KEY, until INTEGER NOT NULL) STRICT;`,
    // And so has whatever else changes with each send: a mail's text is written once, when it is accepted. `due_at` and
    // `explained` of `message` were their places before, and stay empty: to drop them, all of the log would be written.
    `CREATE TABLE queue (
       message_seq INTEGER PRIMARY KEY REFERENCES message (seq),
       route TEXT NOT NULL,
       due_at INTEGER NOT NULL,
       lease_until INTEGER,
       explained INTEGER NOT NULL DEFAULT 0
     ) STRICT;
     INSERT INTO queue SELECT seq, route, due_at, until, explained
       FROM message LEFT JOIN lease ON message_seq = seq WHERE due_at IS NOT NULL;
     UPDATE message SET due_at = NULL WHERE due_at IS NOT NULL;
     DROP INDEX message_due;
     DROP TABLE lease;
     CREATE INDEX queue_due ON queue (route, due_at);`,
    // Only who is settled: those who wait are found by the queue, and each of them would be moved in the index.
    `DROP INDEX recipient_settled;
     CREATE INDEX recipient_settled_at ON recipient (settled_at) WHERE settled_at IS NOT NULL;`,
  ],
};
