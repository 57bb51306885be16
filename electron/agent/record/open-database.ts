import { OUTBOX_SCHEMA } from '../../../mail/outbox-schema.ts';
import { openStore, type Store } from '../../../mail/store.ts';
import type { Result } from '../../../shared/errors.ts';
import { finishSettingAside, setDatabaseAside } from '../platform/damaged-files.ts';
import { RELAY_SCHEMA } from '../dispatch/relay/schema.ts';
import { EVENT_SCHEMA } from '../events/event-schema.ts';
import { MAILBOX_SCHEMA } from '../mailbox/mailbox-schema.ts';
import { FILE_ALERT_SCHEMA } from './file-alert-store.ts';
import { HELD_SCHEMA } from './held-store.ts';
import { HISTORY_SCHEMA } from './history-schema.ts';
import { RESERVE_SCHEMA } from './reserve.ts';
import { STATE_SCHEMA } from './state-store.ts';

/** All tables of the agent's one file. */
export const AGENT_SCHEMAS = [
  OUTBOX_SCHEMA,
  STATE_SCHEMA,
  HELD_SCHEMA,
  FILE_ALERT_SCHEMA,
  HISTORY_SCHEMA,
  RESERVE_SCHEMA,
  RELAY_SCHEMA,
  EVENT_SCHEMA,
  MAILBOX_SCHEMA,
];

/**
 * Opens the database for the agent that owns the folder. A damaged one is set aside, never deleted, and a new one takes
 * its place: an agent that watches with an empty log is worth more than one that does not watch. `isDamaged`: damage
 * was met at work, wherever a look at the whole file may find it again or not.
 */
export function openDatabase(databasePath: string, now: number, isDamaged: boolean): Result<Store> {
  finishSettingAside(databasePath);
  if (isDamaged) setDatabaseAside(databasePath, now);
  const options = { schemas: AGENT_SCHEMAS, checked: true };
  const opened = openStore(databasePath, options);
  if (opened.ok || opened.error.code !== 'store_corrupt') return opened;
  setDatabaseAside(databasePath, now);
  return openStore(databasePath, options);
}
