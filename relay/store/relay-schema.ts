import type { Schema } from '../../mail/store.ts';

/** What the Web Service keeps beside the outbox. Times are wall-clock milliseconds. */
export const RELAY_SCHEMA: Schema = {
  part: 'relay',
  steps: [
    `CREATE TABLE installation (
       id TEXT PRIMARY KEY,
       name TEXT NOT NULL UNIQUE COLLATE NOCASE,
       reply_to TEXT,
       expires_at INTEGER,
       revoked_at INTEGER,
       created_at INTEGER NOT NULL,
       key_id TEXT UNIQUE,
       public_key TEXT,
       reported_name TEXT,
       enrolled_at INTEGER
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE enrolment_code (
       hash TEXT PRIMARY KEY,
       installation_id TEXT NOT NULL UNIQUE REFERENCES installation (id),
       valid_until INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE submission (
       installation_id TEXT NOT NULL REFERENCES installation (id),
       id TEXT NOT NULL,
       body_hash TEXT NOT NULL,
       accepted_at INTEGER NOT NULL,
       PRIMARY KEY (installation_id, id)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX submission_accepted ON submission (accepted_at);
     CREATE TABLE quota_use (
       subject TEXT NOT NULL,
       minute INTEGER NOT NULL,
       messages INTEGER NOT NULL,
       PRIMARY KEY (subject, minute)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE heartbeat (
       installation_id TEXT PRIMARY KEY REFERENCES installation (id),
       at INTEGER NOT NULL,
       status TEXT NOT NULL,
       alerts_firing INTEGER NOT NULL,
       outbox_size INTEGER NOT NULL,
       version TEXT NOT NULL,
       silent_after_ms INTEGER NOT NULL,
       silent_at INTEGER NOT NULL,
       silent_since INTEGER
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX heartbeat_silent ON heartbeat (silent_at) WHERE silent_since IS NULL;
     CREATE TABLE suppression (
       installation_id TEXT NOT NULL REFERENCES installation (id),
       address TEXT NOT NULL COLLATE NOCASE,
       at INTEGER NOT NULL,
       PRIMARY KEY (installation_id, address)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE relay_secret (
       one INTEGER PRIMARY KEY CHECK (one = 1),
       secret BLOB NOT NULL
     ) STRICT;`,
    // By id first: Tocsin's ids begin with the time, so that what is accepted together stands together. By installation
    // first, each one's newest had a page of its own, and a commit wrote all of those.
    `CREATE TABLE submission_by_id (
       id TEXT NOT NULL,
       installation_id TEXT NOT NULL REFERENCES installation (id),
       body_hash TEXT NOT NULL,
       accepted_at INTEGER NOT NULL,
       PRIMARY KEY (id, installation_id)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO submission_by_id SELECT id, installation_id, body_hash, accepted_at FROM submission;
     DROP TABLE submission;
     ALTER TABLE submission_by_id RENAME TO submission;
     CREATE INDEX submission_accepted ON submission (accepted_at);`,
  ],
};
