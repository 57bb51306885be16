import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { failure, type Result } from '../shared/errors.ts';
import type { Clock } from '../shared/model/clock.ts';
import { LateSync } from './late-sync.ts';
import { systemClock } from './platform/clock.ts';
import { type LogSync, openLogSync } from './platform/log-sync.ts';
import { isSound } from './store-check.ts';
import { isDiskFull, isStoreDamage, isStrangeTable } from './store-failure.ts';

/** The tables of one part of the program, as the steps that led to them. A step never changes once it has shipped. */
export interface Schema {
  readonly part: string;
  readonly steps: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;

/**
 * The one file of state: `tocsin.db`. Every change goes through `transaction`, so that what belongs together is
 * written together or not at all.
 */
export interface Store {
  /** Runs `work` in a transaction, durable when it returns; an exception undoes all of it. A nested call joins in. */
  transaction<Value>(work: () => Value): Value;
  /**
   * The same for what may be on the disk MOST_LATE_MS later: what a power cut may take back, but no end of the process.
   * `onFault` is told where the disk does not take it then.
   */
  transactionSoon<Value>(work: () => Value, onFault: (error: unknown) => void): Value;
  run(sql: string, ...values: SQLInputValue[]): number;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** The first row that `wanted` takes; those after it are not read. */
  find(sql: string, values: readonly SQLInputValue[], wanted: (row: Row) => boolean): Row | undefined;
  close(): void;
}

export interface StoreOptions {
  readonly readOnly?: boolean;
  readonly schemas: readonly Schema[];
  /** Page size of a file that is made now, in bytes; SQLite's own is 4096. */
  readonly pageSizeBytes?: 4096 | 8192;
  /** Whether the whole file is looked through for damage first, as its owner does at start. */
  readonly checked?: boolean;
}

/**
 * Opens the file, making it if it is not there. WAL with synchronous FULL: a commit is on the disk when it returns
 * (https://sqlite.org/pragma.html#pragma_synchronous). A file that is not a sound database gives `store_corrupt`.
 */
export function openStore(path: string, options: StoreOptions): Result<Store> {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, {
      readOnly: options.readOnly ?? false,
      timeout: 5000,
      enableForeignKeyConstraints: true,
    });
    if (!options.readOnly) {
      if (options.pageSizeBytes) db.exec(`PRAGMA page_size = ${options.pageSizeBytes}`);
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      migrateAll(db, options.schemas);
    }
    if (options.checked && !isSound(db, (empty) => migrateAll(empty, options.schemas))) {
      db.close();
      return failure('store_corrupt', { file: path });
    }
    return { ok: true, value: storeOn(db, options.readOnly ? null : logSyncOf(db, path)) };
  } catch (error) {
    db?.close();
    if (isStoreDamage(error) || (options.checked && isStrangeTable(error)))
      return failure('store_corrupt', { file: path });
    if (isDiskFull(error)) return failure('disk_full', { folder: path });
    throw error;
  }
}

/** Null for a database without a log: one in memory, or on a file system that SQLite can keep none on. */
function logSyncOf(db: DatabaseSync, path: string): (() => LogSync) | null {
  return db.prepare('PRAGMA journal_mode').get()?.['journal_mode'] === 'wal' ? () => openLogSync(path) : null;
}

/**
 * A store on a database that is open and has its tables. The store owns it from now on. `openLog`: how its log is synced
 * apart from its commits; null: each commit is.
 */
export function storeOn(
  db: DatabaseSync,
  openLog: (() => LogSync) | null = null,
  clock: Clock = systemClock,
): Store {
  const late = openLog === null ? null : new LateSync(db, openLog, clock);
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepare = (sql: string) => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  let isOpen = false;
  const commit = <Value>(work: () => Value): Value => {
    prepare('BEGIN IMMEDIATE').run();
    isOpen = true;
    try {
      const value = work();
      prepare('COMMIT').run();
      return value;
    } catch (error) {
      if (db.isTransaction) prepare('ROLLBACK').run();
      throw error;
    } finally {
      isOpen = false;
    }
  };
  return {
    transaction(work) {
      if (isOpen) return work();
      late?.beforeFull();
      return commit(work);
    },
    transactionSoon(work, onFault) {
      if (isOpen) return work();
      return late === null ? commit(work) : late.run(() => commit(work), onFault);
    },
    run(sql, ...values) {
      // Outside of a transaction it is one of its own.
      if (!isOpen) late?.beforeFull();
      return Number(prepare(sql).run(...values).changes);
    },
    all: (sql, ...values) => prepare(sql).all(...values),
    get: (sql, ...values) => prepare(sql).get(...values),
    find(sql, values, wanted) {
      for (const row of prepare(sql).iterate(...values)) if (wanted(row)) return row;
      return undefined;
    },
    close() {
      late?.close();
      db.close();
    },
  };
}

function migrateAll(db: DatabaseSync, schemas: readonly Schema[]): void {
  for (const schema of schemas) migrate(db, schema);
}

function migrate(db: DatabaseSync, schema: Schema): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
  );
  if (knownVersion(db, schema) === schema.steps.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Once more, now that nobody else can: an agent and a command may open a new folder at the same moment.
    for (const step of schema.steps.slice(knownVersion(db, schema))) db.exec(step);
    const insert = db.prepare('INSERT OR REPLACE INTO schema_version (part, version) VALUES (?, ?)');
    insert.run(schema.part, schema.steps.length);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function knownVersion(db: DatabaseSync, schema: Schema): number {
  const row = db.prepare('SELECT version FROM schema_version WHERE part = ?').get(schema.part);
  const version = Number(row?.['version'] ?? 0);
  if (version > schema.steps.length) {
    throw new Error(
      `The data folder was written by a newer version of Tocsin (${schema.part} ${version}, this version knows ${schema.steps.length}). Update Tocsin, or use another data folder.`,
    );
  }
  return version;
}
