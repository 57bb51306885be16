import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Of how many measured numbers there is history in the database of a running agent. */
export function historySeries(dataDir: string): number {
  const database = new DatabaseSync(join(dataDir, 'tocsin.db'), { readOnly: true });
  try {
    const row = database.prepare('SELECT count(*) AS count FROM history_series').get();
    return Number(row?.['count'] ?? 0);
  } finally {
    database.close();
  }
}
