import type { Schema, Store } from '../../../mail/store.ts';
import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';

export const RESERVE_SCHEMA: Schema = {
  part: 'reserve',
  steps: ['CREATE TABLE reserve (filler BLOB NOT NULL) STRICT'],
};

/** Room for some two hundred mails (measured: 261 of 20 kB on a disk without a free byte). Takes 11 ms to set aside. */
const RESERVE_BYTES = 4 * 1024 * 1024;
/** Not at once: a start has better things to do. */
const FIRST_AFTER_MS = 5_000;
const LOOK_EVERY_MS = 10 * 60_000;

export interface Reserve {
  stop(): void;
}

/**
 * Keeps room inside the database and its log, so that the alert about a full disk can be written down on that disk. What
 * is put in and taken out again leaves both files as large as they were, and SQLite fills such pages first.
 */
export function keepReserve(store: Store, clock: Clock, onFault: (error: unknown) => void): Reserve {
  let cancel: CancelTimer = () => {};
  // The log is deleted when a database is closed, so every start sets it aside anew.
  let missing = true;
  const look = () => {
    try {
      if (missing || freeBytes(store) < RESERVE_BYTES / 2) {
        store.run('INSERT INTO reserve (filler) VALUES (zeroblob(?))', RESERVE_BYTES);
        store.run('DELETE FROM reserve');
        missing = false;
      }
    } catch (error) {
      onFault(error);
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  cancel = clock.after(FIRST_AFTER_MS, look);
  return { stop: () => cancel() };
}

function freeBytes(store: Store): number {
  const pages = Number(store.get('PRAGMA freelist_count')?.['freelist_count']);
  return pages * Number(store.get('PRAGMA page_size')?.['page_size']);
}
