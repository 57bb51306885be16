import { expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import { fakeRandom } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';
import { anAttempt } from '../../fakes/outbox-rig.ts';

/** The same store, which notes what it is asked. */
function noting(store: Store): { readonly store: Store; readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const note = (sql: string) => {
    asked.add(sql);
    return sql;
  };
  return {
    asked,
    store: {
      ...store,
      run: (sql, ...values) => store.run(note(sql), ...values),
      all: (sql, ...values) => store.all(note(sql), ...values),
      get: (sql, ...values) => store.get(note(sql), ...values),
      find: (sql, values, wanted) => store.find(note(sql), values, wanted),
    },
  };
}

test('what is done for a mail, and asked of one, takes as long with a log of years as with an empty one', () => {
  const real = memoryStore();
  const { store, asked } = noting(real);
  const outbox = createOutbox(store, fakeRandom());
  const log = createDeliveryLog(store);
  const to = ['a@contoso.example', 'b@contoso.example'];
  outbox.accept([aMessage({ id: 'one', recipients: to })], 0);
  const tries = [
    { 'a@contoso.example': 'accepted', 'b@contoso.example': 'retry' },
    { 'b@contoso.example': 'rejected' },
  ] as const;
  for (const [round, verdicts] of tries.entries()) {
    const lease = outbox.lease('smtp', round * 3_600_000, () => true);
    if (lease === null) throw new Error(`nothing is due in round ${round}`);
    outbox.settle(lease, [anAttempt(verdicts)], round * 3_600_000);
    expect(outbox.waiting('smtp')).toBe(1 - round);
    expect(outbox.nextDueAt('smtp') !== null).toBe(round === 0);
  }
  expect(log.isSettled('one')).toBe(true);
  expect(log.find('<one@contoso.example>')?.attempts).toHaveLength(2);
  expect(log.oldestWaitingAt()).toBeNull();
  expect(log.counts(0)).toMatchObject({ accepted: 1, failed: 1, waiting: 0 });
  outbox.lease('smtp', 7_200_000, () => false);
  outbox.makeDue(null, 7_200_000);
  outbox.expire('smtp', 7_200_000, 'smtp_connection_refused');
  expect(outbox.resend('one', 7_200_000)).toBe(true);

  const scans = [...asked].flatMap((sql) =>
    real
      .all(`EXPLAIN QUERY PLAN ${sql}`)
      .filter(({ detail }) => /^SCAN (?!queue)/.test(String(detail)))
      .map(({ detail }) => ({ sql, detail })),
  );
  expect(asked.size).toBeGreaterThan(15);
  expect(scans).toEqual([]);
});
