import type { Schema } from '../../../mail/store.ts';

/**
 * SMTP events, what is to be done about them, and when each action was last done. `due_at` is null once an action is
 * settled; its settings, which may hold a key for a web page, are then forgotten.
 */
export const EVENT_SCHEMA: Schema = {
  part: 'events',
  steps: [
    `CREATE TABLE smtp_event (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       event TEXT NOT NULL
     ) STRICT;
     CREATE INDEX smtp_event_at ON smtp_event (at);
     CREATE TABLE event_action (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       event_seq INTEGER NOT NULL REFERENCES smtp_event (seq) ON DELETE CASCADE,
       rule TEXT NOT NULL, type TEXT NOT NULL, action TEXT,
       suppressed INTEGER NOT NULL, suppressed_since INTEGER,
       status TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
       due_at INTEGER, settled_at INTEGER, outcome TEXT
     ) STRICT;
     CREATE INDEX event_action_due ON event_action (due_at) WHERE due_at IS NOT NULL;
     CREATE INDEX event_action_event ON event_action (event_seq);
     CREATE TABLE action_frequency (
       key TEXT PRIMARY KEY,
       last_at INTEGER NOT NULL,
       suppressed INTEGER NOT NULL, suppressed_since INTEGER
     ) STRICT;`,
  ],
};
