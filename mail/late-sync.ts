import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../shared/model/clock.ts';
import type { LogSync } from './platform/log-sync.ts';
import { SyncFailure } from './store-failure.ts';

/** So late, in milliseconds, a commit may be on the disk that shares its sync with those that follow. */
export const MOST_LATE_MS = 5;

/**
 * Commits that share a sync. SQLite writes each to its log as ever, so that a process that is killed loses none of them,
 * and leaves out the sync alone (`synchronous` NORMAL, https://sqlite.org/pragma.html#pragma_synchronous): this makes
 * up for it. Only a power cut or a crash of the system can take back what was committed since the last one.
 */
export class LateSync {
  readonly #db: DatabaseSync;
  readonly #open: () => LogSync;
  readonly #clock: Clock;
  #log: LogSync | null = null;
  #isFull = true;
  /** When the first commit since the last sync was made; null where there is none. */
  #sinceMs: number | null = null;
  #cancel: () => void = () => {};
  #onFault: (error: unknown) => void = () => {};
  /** What went wrong with a sync, until the log has begun anew. */
  #fault: SyncFailure | null = null;

  constructor(db: DatabaseSync, open: () => LogSync, clock: Clock) {
    this.#db = db;
    this.#open = open;
    this.#clock = clock;
  }

  /** Before a transaction that is to be on the disk when it ends; throws where the disk does not take the log. */
  beforeFull(): void {
    this.#recover();
    if (this.#isFull) return;
    this.#db.exec('PRAGMA synchronous = FULL');
    this.#isFull = true;
  }

  /** Runs a transaction that may be late. `onFault` is told of a sync that fails afterwards. */
  run<Value>(transaction: () => Value, onFault: (error: unknown) => void): Value {
    this.#recover();
    if (this.#isFull) this.#db.exec('PRAGMA synchronous = NORMAL');
    this.#isFull = false;
    const value = transaction();
    this.#onFault = onFault;
    const nowMs = this.#clock.monotonic();
    if (this.#sinceMs === null) {
      this.#sinceMs = nowMs;
      this.#cancel = this.#clock.after(MOST_LATE_MS, () => this.#sync());
    }
    // A process that is busy does not come to its timers.
    if (nowMs - this.#sinceMs >= MOST_LATE_MS) this.#sync();
    return value;
  }

  /** Before the database is closed. */
  close(): void {
    if (this.#sinceMs !== null) this.#sync();
    this.#log?.close();
    this.#log = null;
  }

  #sync(): void {
    this.#cancel();
    this.#sinceMs = null;
    try {
      this.#log ??= this.#open();
      this.#log.sync();
    } catch (error) {
      this.#fault = new SyncFailure(error);
      this.#onFault(this.#fault);
    }
  }

  /**
   * After a sync that failed nobody knows what of the log is on the disk, and what is written behind it could not be
   * read again after a power cut. So the database takes in the log, and that begins anew, before anything is written.
   */
  #recover(): void {
    if (this.#fault === null) return;
    const row = this.#db.prepare('PRAGMA wal_checkpoint(RESTART)').get();
    if (Number(row?.['busy']) !== 0) throw this.#fault;
    this.#fault = null;
  }
}
