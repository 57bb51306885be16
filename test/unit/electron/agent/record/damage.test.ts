import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../../../electron/agent/compose/context.ts';
import { damagedDatabases } from '../../../../../electron/agent/platform/damaged-files.ts';
import { type DataDir, dataDirAt } from '../../../../../electron/agent/platform/data-dir.ts';
import { damageTroubles } from '../../../../../electron/agent/record/damage.ts';
import { openDatabase } from '../../../../../electron/agent/record/open-database.ts';
import { createTroubles } from '../../../../../electron/agent/record/troubles.ts';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';
import { createOutbox } from '../../../../../mail/outbox.ts';
import type { Store } from '../../../../../mail/store.ts';
import { isStoreDamage } from '../../../../../mail/store-failure.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { aMessage } from '../../../../fakes/messages.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const DAY_MS = 24 * 3_600_000;

let clock: FakeClock;
let dataDir: DataDir;

beforeEach(() => {
  clock = new FakeClock();
  dataDir = dataDirAt(scratchDir());
  const store = open();
  createOutbox(store, fakeRandom()).accept([aMessage()], 0);
  store.close();
});

function open(isDamaged = false): Store {
  const opened = openDatabase(dataDir.databasePath, clock.now(), isDamaged);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function change(sql: string): void {
  const db = new DatabaseSync(dataDir.databasePath);
  db.exec(sql);
  db.close();
}

const PAGE_BYTES = 4096;
/** The first byte of such a page (https://sqlite.org/fileformat.html#b_tree_pages). */
const LEAF_OF_INDEX = 10;

/** Overwrites a text wherever it stands: on every page, or on those of a kind. */
function overwrite(text: string, other: string, kind: number): void {
  const bytes = readFileSync(dataDir.databasePath);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    if (kind !== 0 && bytes[at - (at % PAGE_BYTES)] !== kind) continue;
    bytes.write(other, at);
  }
  writeFileSync(dataDir.databasePath, bytes);
}

const kept = () => damagedDatabases(dataDir.databasePath).map(({ path }) => readFileSync(path, 'latin1'));
const messages = (store: Store) => createDeliveryLog(store).list({ limit: 10, since: null });

describe('a damaged database is kept aside, and a new one takes its place', () => {
  test.each<[rule: string, damage: () => void]>([
    [
      'cut short',
      () => writeFileSync(dataDir.databasePath, readFileSync(dataDir.databasePath).subarray(0, 5000)),
    ],
    ['no database at all', () => writeFileSync(dataDir.databasePath, 'something else')],
    [
      'a page of zeros deep inside',
      () => {
        const bytes = readFileSync(dataDir.databasePath);
        writeFileSync(dataDir.databasePath, bytes.fill(0, 8192, 12_288));
      },
    ],
    ['an index that has lost a row', () => overwrite('smtp', 'smtq', LEAF_OF_INDEX)],
    ['a table with another column', () => overwrite('address TEXT', 'addrets TEXT', 0)],
  ])('%s', (_rule, damage) => {
    damage();
    const damaged = readFileSync(dataDir.databasePath, 'latin1');
    const store = open();
    expect([messages(store), kept().length]).toEqual([[], 1]);
    expect(kept()[0]?.length).toBe(damaged.length);
    store.close();
    expect(messages(open())).toEqual([]);
    expect(kept()).toHaveLength(1);
  });
});

test('a sound one stays, unless damage was met at work', () => {
  const store = open();
  expect([messages(store).length, kept()]).toEqual([1, []]);
  store.close();
  expect([messages(open(true)).length, kept().length]).toEqual([0, 1]);
});

test('a move that was cut short is ended at the next start', () => {
  const store = open();
  createOutbox(store, fakeRandom()).accept([aMessage({ id: 'message-2' })], 0);
  const target = `${dataDir.databasePath}.damaged-20260105T080000Z`;
  renameSync(`${dataDir.databasePath}-wal`, `${target}-wal`);
  const again = open();
  expect([messages(again).length, kept().length]).toEqual([0, 1]);
  expect(readdirSync(dataDir.path)).toContain('tocsin.db.damaged-20260105T080000Z-wal');
  again.close();
});

describe('values that Tocsin did not write are damage, not facts', () => {
  test.each(["UPDATE message SET thread = '[\"a'", "UPDATE recipient SET status = 'qveued'"])('%s', (sql) => {
    change(sql);
    const store = open();
    const lease = () => createOutbox(store, fakeRandom()).lease('smtp', clock.now(), () => true);
    let thrown: unknown = null;
    try {
      lease();
    } catch (error) {
      thrown = error;
    }
    expect(isStoreDamage(thrown)).toBe(true);
  });
});

describe('troubles', () => {
  const settings = settingsSchema.parse({
    version: 1,
    alerts: [
      {
        name: 'Disk',
        conditions: [{ metric: 'disk.usedPercent', target: '/', above: 90 }],
        recipients: ['it@contoso.example'],
      },
    ],
  });

  function troublesOn(store: Store) {
    const found = damageTroubles({
      dataDir,
      now: clock.now(),
      settingsFaults: () => null,
      secretsFault: () => null,
    });
    const random = { ...fakeRandom(), id: () => `id-${clock.now()}-${messages(store).length}` };
    return createTroubles(found, {
      store,
      outbox: createOutbox(store, fakeRandom()),
      clock,
      settings: () => settings,
      composer: async () => createComposer(),
      composeContext: () =>
        composeContextOf({ settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
      onQueued: () => {},
    });
  }

  test('are mailed once, to whom alerts tell where there is no administrator', async () => {
    const store = open(true);
    await troublesOn(store).tell();
    await troublesOn(store).tell();
    expect(messages(store).map(({ message }) => [message.kind, message.recipients, message.text])).toEqual([
      ['notice', ['it@contoso.example'], expect.stringContaining('tocsin.db.damaged-')],
    ]);
  });

  test('are shown until they are acknowledged, or for seven days', () => {
    const store = open(true);
    const troubles = troublesOn(store);
    expect(troubles.shown()).toMatchObject([{ name: 'Damaged database' }]);
    clock.jump(7 * DAY_MS);
    expect(troubles.shown()).toEqual([]);
    clock.jump(-DAY_MS);
    expect([troubles.acknowledge('damaged database'), troubles.acknowledge('Other')]).toEqual([true, false]);
    expect([troubles.shown(), troublesOn(store).shown()]).toEqual([[], []]);
  });
});
