import type { Schema } from '../../../mail/store.ts';

/** What was read in the mailbox, and the round trips: mails of Tocsin's own that are to arrive there. */
export const MAILBOX_SCHEMA: Schema = {
  part: 'mailbox',
  steps: [
    `CREATE TABLE mailbox_try (mailbox TEXT PRIMARY KEY, at INTEGER NOT NULL, refused INTEGER NOT NULL) STRICT;
     CREATE TABLE mailbox_mail (
       mailbox TEXT NOT NULL, uid TEXT NOT NULL,
       to_remove INTEGER NOT NULL DEFAULT 0,
       PRIMARY KEY (mailbox, uid)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE round_trip (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       message_id TEXT NOT NULL UNIQUE,
       sent_at INTEGER NOT NULL,
       arrived_at INTEGER,
       lost_at INTEGER
     ) STRICT;
     CREATE TABLE lost_told (told INTEGER NOT NULL) STRICT;`,
  ],
};
