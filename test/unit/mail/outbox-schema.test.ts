import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import { OUTBOX_SCHEMA } from '../../../mail/outbox-schema.ts';
import { openStore, type Store } from '../../../mail/store.ts';
import { fakeRandom } from '../../fakes/fake-clock.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';

const NOW = 1_790_000_000_000;
/** The steps up to the one that gave the queue a table of its own. */
const STEPS_WITHOUT_QUEUE = 5;

function open(path: string, steps: readonly string[]): Store {
  const opened = openStore(path, { schemas: [{ part: OUTBOX_SCHEMA.part, steps }] });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A message of one recipient as the version before wrote it. `dueAt` null: it was accepted. */
function insert(store: Store, id: string, dueAt: number | null, leasedUntil: number | null = null): void {
  store.run(
    `INSERT INTO message (id, message_id, kind, severity, source_type, source_name, created_at, caused_at, channel, route,
       priority, subject, body_text, thread, give_up_at, due_at)
       VALUES (?1, ?1 || '@contoso.example', 'alert', 'warning', 'alert', 'Disk', ?2, ?2, 'email', 'smtp', 'normal', 'Disk',
       'full', '[]', ?2 + 432000000, ?3)`,
    id,
    NOW,
    dueAt,
  );
  const seq = Number(store.get('SELECT seq FROM message WHERE id = ?', id)?.['seq']);
  store.run(
    `INSERT INTO recipient (message_seq, position, address, status, next_attempt_at)
       VALUES (?, 0, 'it@contoso.example', ?, ?)`,
    seq,
    dueAt === null ? 'accepted' : 'queued',
    dueAt,
  );
  if (leasedUntil !== null) store.run('INSERT INTO lease VALUES (?, ?)', seq, leasedUntil);
}

test('what waited in a file of the version before waits on, in the same order and the same hands', () => {
  const path = join(scratchDir(), 'tocsin.db');
  const before = open(path, OUTBOX_SCHEMA.steps.slice(0, STEPS_WITHOUT_QUEUE));
  insert(before, 'accepted', null);
  insert(before, 'later', NOW + 60_000);
  insert(before, 'second', NOW - 1);
  insert(before, 'first', NOW - 2);
  insert(before, 'leased', NOW - 3, NOW + 1000);
  before.close();

  const store = open(path, OUTBOX_SCHEMA.steps);
  const outbox = createOutbox(store, fakeRandom());
  const log = createDeliveryLog(store);
  const next = (now: number) => outbox.lease('smtp', now, () => true)?.message.id;
  expect(outbox.waiting('smtp')).toBe(4);
  expect(log.counts(0).waiting).toBe(4);
  expect(log.isSettled('accepted')).toBe(true);
  expect([next(NOW), next(NOW), next(NOW)]).toEqual(['first', 'second', undefined]);
  expect(outbox.nextDueAt('smtp')).toBe(NOW + 60_000);
  expect(next(NOW + 1000)).toBe('leased');
  expect(next(NOW + 60_000)).toBe('later');
  store.close();
});
