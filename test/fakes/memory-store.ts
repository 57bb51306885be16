import { DatabaseSync } from 'node:sqlite';
import { AGENT_SCHEMAS } from '../../electron/agent/record/open-database.ts';
import { openStore, type Store, storeOn } from '../../mail/store.ts';

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
  const store = openStore(path, { schemas: AGENT_SCHEMAS });
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
