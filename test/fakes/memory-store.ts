import { DatabaseSync } from 'node:sqlite';
import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { openStore, type Store, storeOn } from '../../mail/store.ts';
import { EVENT_SCHEMA } from '../../electron/agent/events/event-schema.ts';
import { MAILBOX_SCHEMA } from '../../electron/agent/mailbox/mailbox-schema.ts';
import { FILE_ALERT_SCHEMA } from '../../electron/agent/record/file-alert-store.ts';
import { HELD_SCHEMA } from '../../electron/agent/record/held-store.ts';
import { RELAY_SCHEMA } from '../../electron/agent/dispatch/relay/schema.ts';
import { HISTORY_SCHEMA } from '../../electron/agent/record/history-schema.ts';
import { STATE_SCHEMA } from '../../electron/agent/record/state-store.ts';

const SCHEMAS = [
  OUTBOX_SCHEMA,
  STATE_SCHEMA,
  HELD_SCHEMA,
  FILE_ALERT_SCHEMA,
  HISTORY_SCHEMA,
  RELAY_SCHEMA,
  EVENT_SCHEMA,
  MAILBOX_SCHEMA,
];

/** A new database as bytes: to make one step by step takes 1.5 ms, and tests ask for a thousand. */
let newDatabase: Uint8Array | null = null;

/** A real SQLite database that lives in memory, or in a file where one is named. */
export function memoryStore(path = ':memory:'): Store {
  if (path !== ':memory:') return opened(path);
  newDatabase ??= bytesOf(opened(path));
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  db.deserialize(newDatabase);
  return storeOn(db);
}

function opened(path: string): Store {
  const store = openStore(path, { schemas: SCHEMAS });
  if (!store.ok) throw new Error(store.error.message);
  return store.value;
}

/** The same tables with the same versions, and nothing else in them. */
function bytesOf(store: Store): Uint8Array {
  const db = new DatabaseSync(':memory:');
  // SQLite makes its own tables by itself.
  const made = store.all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'");
  for (const { sql } of made) db.exec(String(sql));
  const know = db.prepare('INSERT INTO schema_version (part, version) VALUES (?, ?)');
  for (const { part, version } of store.all('SELECT * FROM schema_version')) {
    know.run(String(part), Number(version));
  }
  const bytes = db.serialize();
  db.close();
  store.close();
  return bytes;
}
