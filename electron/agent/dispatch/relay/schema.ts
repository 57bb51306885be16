import type { Schema } from '../../../../mail/store.ts';

/** One row for each acceptance by the service, by its attempt; `next_at` is null once there is nothing left to ask. */
export const RELAY_SCHEMA: Schema = {
  part: 'relay',
  steps: [
    `CREATE TABLE relay_follow_up (
       attempt_seq INTEGER PRIMARY KEY,
       message_id TEXT NOT NULL,
       submission_key TEXT NOT NULL,
       accepted_at INTEGER NOT NULL,
       asked INTEGER NOT NULL DEFAULT 0,
       next_at INTEGER
     ) STRICT;
     CREATE INDEX relay_follow_up_due ON relay_follow_up (next_at) WHERE next_at IS NOT NULL;`,
  ],
};
