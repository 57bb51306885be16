import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { keepReserve, RESERVE_SCHEMA } from '../../../../../electron/agent/record/reserve.ts';
import { createOutbox } from '../../../../../mail/outbox.ts';
import { OUTBOX_SCHEMA } from '../../../../../mail/outbox-schema.ts';
import { openStore, type Store } from '../../../../../mail/store.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { aMessage } from '../../../../fakes/messages.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const MAIL = 'x'.repeat(20_000);

let store: Store;
let clock: FakeClock;

beforeEach(() => {
  const opened = openStore(join(scratchDir(), 'tocsin.db'), { schemas: [OUTBOX_SCHEMA, RESERVE_SCHEMA] });
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
  onTestFinished(() => store.close());
  clock = new FakeClock();
});

/** From now on the file may not grow: the disk is full. */
function fillDisk(): void {
  const pages = Number(store.get('PRAGMA page_count')?.['page_count']);
  store.get(`PRAGMA max_page_count = ${pages}`);
}

function mailsThatFit(): number {
  const outbox = createOutbox(store, fakeRandom());
  for (let count = 0; ; count++) {
    try {
      outbox.accept([aMessage({ id: `message-${count}`, text: MAIL })], 0);
    } catch {
      return count;
    }
  }
}

test('on a full disk there is room left for the mails that say so', async () => {
  const reserve = keepReserve(store, clock, () => {});
  await clock.advance(6000);
  fillDisk();
  expect(mailsThatFit()).toBeGreaterThan(100);
  reserve.stop();
});

test('what was used of it is set aside again once there is space', async () => {
  const faults: unknown[] = [];
  const reserve = keepReserve(store, clock, (error) => faults.push(error));
  await clock.advance(6000);
  fillDisk();
  mailsThatFit();
  await clock.advance(30 * 60_000);
  expect(faults.length).toBeGreaterThan(0);
  store.get('PRAGMA max_page_count = 1000000');
  await clock.advance(10 * 60_000);
  fillDisk();
  expect(Number(store.get('PRAGMA freelist_count')?.['freelist_count'])).toBeGreaterThan(1000);
  reserve.stop();
});
