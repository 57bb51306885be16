import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { openStore, type Store } from '../../mail/store.ts';
import { EVENT_SCHEMA } from '../../electron/agent/events/event-schema.ts';
import { MAILBOX_SCHEMA } from '../../electron/agent/mailbox/mailbox-schema.ts';
import { FILE_ALERT_SCHEMA } from '../../electron/agent/record/file-alert-store.ts';
import { HELD_SCHEMA } from '../../electron/agent/record/held-store.ts';
import { RELAY_SCHEMA } from '../../electron/agent/dispatch/relay/schema.ts';
import { HISTORY_SCHEMA } from '../../electron/agent/record/history-schema.ts';
import { STATE_SCHEMA } from '../../electron/agent/record/state-store.ts';

/** A real SQLite database that lives in memory, or in a file where one is named. */
export function memoryStore(path = ':memory:'): Store {
  const opened = openStore(path, {
    schemas: [
      OUTBOX_SCHEMA,
      STATE_SCHEMA,
      HELD_SCHEMA,
      FILE_ALERT_SCHEMA,
      HISTORY_SCHEMA,
      RELAY_SCHEMA,
      EVENT_SCHEMA,
      MAILBOX_SCHEMA,
    ],
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}
