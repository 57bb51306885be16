import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { MOST_LATE_MS } from '../../../mail/late-sync.ts';
import { openStore, type Store, storeOn } from '../../../mail/store.ts';
import { isDiskFailure } from '../../../mail/store-failure.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';

const FULL = 2;
const NORMAL = 1;

/** A store in a file, whose log is synced by what the test says. */
class Rig {
  readonly clock = new FakeClock();
  readonly path = join(scratchDir(), 'tocsin.db');
  readonly faults: unknown[] = [];
  syncs = 0;
  isFailing = false;
  readonly store: Store;

  constructor() {
    const db = new DatabaseSync(this.path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE thing (name TEXT) STRICT');
    const sync = () => {
      if (this.isFailing) throw new Error('EIO: i/o error, fdatasync');
      this.syncs += 1;
    };
    this.store = storeOn(db, () => ({ sync, close: () => {} }), this.clock);
  }

  soon(name: string): void {
    this.store.transactionSoon(
      () => this.store.run('INSERT INTO thing VALUES (?)', name),
      (error) => this.faults.push(error),
    );
  }

  now(name: string): void {
    this.store.transaction(() => this.store.run('INSERT INTO thing VALUES (?)', name));
  }
}

/** The names in a database, as somebody else reads them. */
function names(path: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db
      .prepare('SELECT name FROM thing')
      .all()
      .map(({ name }) => name);
  } finally {
    db.close();
  }
}

test('late commits can be read at once, and share one sync at the latest some milliseconds after the first', async () => {
  const rig = new Rig();
  rig.soon('one');
  await rig.clock.advance(MOST_LATE_MS - 1);
  rig.soon('two');
  expect(names(rig.path)).toEqual(['one', 'two']);
  expect(rig.syncs).toBe(0);
  await rig.clock.advance(1);
  expect(rig.syncs).toBe(1);
  await rig.clock.advance(1000);
  expect(rig.syncs).toBe(1);
});

test('a process that does not come to its timers syncs by the next commit', () => {
  const rig = new Rig();
  rig.soon('one');
  rig.clock.stall(MOST_LATE_MS);
  rig.soon('two');
  expect(rig.syncs).toBe(1);
});

test('only late commits go without SQLite’s own sync', () => {
  const rig = new Rig();
  const level = () => rig.store.get('PRAGMA synchronous')?.['synchronous'];
  const levels = [
    rig.store.transaction(level),
    rig.store.transactionSoon(level, () => {}),
    rig.store.transaction(level),
  ];
  expect(levels).toEqual([FULL, NORMAL, FULL]);
});

test('a change outside of a transaction waits for the disk as well', () => {
  const rig = new Rig();
  rig.soon('one');
  rig.store.run('INSERT INTO thing VALUES (?)', 'two');
  expect(rig.store.get('PRAGMA synchronous')?.['synchronous']).toBe(FULL);
});

test('what is undone is undone as ever', () => {
  const rig = new Rig();
  const fail = () => {
    rig.store.run('INSERT INTO thing VALUES (?)', 'one');
    throw new Error('no');
  };
  expect(() => rig.store.transactionSoon(fail, () => {})).toThrow('no');
  expect(names(rig.path)).toEqual([]);
});

test('nothing is left behind when the store is closed', () => {
  const rig = new Rig();
  rig.soon('one');
  rig.store.close();
  expect(rig.syncs).toBe(1);
  expect(rig.clock.pending).toBe(0);
});

test('after a sync that failed the database itself has everything before anything more is written', async () => {
  const rig = new Rig();
  rig.isFailing = true;
  rig.soon('one');
  await rig.clock.advance(MOST_LATE_MS);
  expect(rig.faults).toHaveLength(1);
  expect(isDiskFailure(rig.faults[0])).toBe(true);
  expect(String(rig.faults[0])).toContain('EIO');
  rig.isFailing = false;
  rig.now('two');
  // The file alone, as if nothing of its log had reached the disk.
  const copy = join(scratchDir(), 'copy.db');
  copyFileSync(rig.path, copy);
  expect(names(copy)).toEqual(['one']);
  expect(names(rig.path)).toEqual(['one', 'two']);
});

test('while that cannot be, nothing is taken', async () => {
  const rig = new Rig();
  const reader = new DatabaseSync(rig.path, { readOnly: true });
  rig.now('none');
  reader.exec('BEGIN; SELECT * FROM thing');
  rig.isFailing = true;
  rig.soon('one');
  await rig.clock.advance(MOST_LATE_MS);
  expect(() => rig.now('two')).toThrow('did not take');
  expect(() => rig.soon('two')).toThrow('did not take');
  reader.exec('COMMIT');
  rig.now('three');
  expect(names(rig.path)).toEqual(['none', 'one', 'three']);
  reader.close();
});

test('the log of a real file is synced, and a database in memory has none', async () => {
  const path = join(scratchDir(), 'tocsin.db');
  const opened = openStore(path, {
    schemas: [{ part: 'test', steps: ['CREATE TABLE thing (name TEXT) STRICT'] }],
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const faults: unknown[] = [];
  const insert = (store: Store) => () => store.run("INSERT INTO thing VALUES ('one')");
  opened.value.transactionSoon(insert(opened.value), (error) => faults.push(error));
  opened.value.close();
  expect(names(path)).toEqual(['one']);
  const memory = memoryStore();
  memory.transactionSoon(
    () => memory.run('CREATE TABLE thing (name TEXT)'),
    (error) => faults.push(error),
  );
  expect(faults).toEqual([]);
});
