import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createLogRetention } from '../../../mail/log-retention.ts';
import { createOutbox, type Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { Verdict } from '../../../shared/model/delivery.ts';
import type { Attachment } from '../../../shared/model/message.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const KIB = 1024;
const WORDS = 'x'.repeat(40 * KIB);
const DUMP: Attachment = { name: 'dump.txt', content: new Uint8Array(200 * KIB) };

let store: Store;
let outbox: Outbox;
let clock: FakeClock;
let faults: unknown[];

beforeEach(() => {
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
  clock = new FakeClock();
  faults = [];
});

/** A mail with many words that came to this; null while it waits. */
function aMail(id: string, verdict: Verdict | null, files: readonly Attachment[] = []): void {
  const attachments = files.map(({ name, content }) => ({ name, sizeBytes: content.length }));
  const message = aMessage({ id, text: WORDS, html: null, attachments });
  outbox.together(() => {
    outbox.accept([message], clock.now());
    outbox.attach(id, files);
  });
  if (verdict === null) return;
  const lease = outbox.lease('smtp', clock.now(), (_, candidate) => candidate === id);
  if (lease === null) throw new Error('nothing to lease');
  const code = verdict === 'accepted' ? null : 'smtp_recipient_rejected';
  const outcomes = lease.recipients.map(
    (address) => ({ address, verdict, code, reply: 'as it is' }) as const,
  );
  const server = { host: 'mail.contoso.example', port: 25, security: 'none' } as const;
  const words = { stage: 'data', code, reply: null, reason: 'primary server' } as const;
  outbox.settle(
    lease,
    [{ at: clock.now(), durationMs: 1, route: 'smtp', server, ...words, outcomes }],
    clock.now(),
  );
}

/** As an hour and more of the agent would have it. */
async function keep(maxBytes: number): Promise<void> {
  const onFault = (fault: unknown) => faults.push(fault);
  const retention = createLogRetention({ store, clock, maxBytes, onFault });
  retention.start();
  await clock.advance(2 * 3_600_000);
  retention.stop();
  expect(faults).toEqual([]);
  expect(clock.pending).toBe(0);
}

const ids = () =>
  createDeliveryLog(store)
    .list({ limit: 1000, since: null })
    .map(({ message }) => message.id)
    .toReversed();
const files = (id: string) =>
  Number(
    store.get('SELECT count(*) AS n FROM attachment JOIN message ON seq = message_seq WHERE id = ?', id)?.[
      'n'
    ],
  );
const bytes = () => {
  const pragma = (name: string) => Number(store.get(`PRAGMA ${name}`)?.[name]);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
};

describe('the log that is too large', () => {
  test('below the limit everything stays, however old', async () => {
    for (const id of ['one', 'two']) aMail(id, 'accepted', [DUMP]);
    await clock.advance(20 * 365 * 86_400_000);
    await keep(bytes());
    expect([ids(), files('one'), files('two')]).toEqual([['one', 'two'], 1, 1]);
  });

  test('forgets the oldest, and no more than it takes', async () => {
    const all = Array.from({ length: 200 }, (_, index) => `mail-${index}`);
    for (const id of all) aMail(id, 'accepted');
    const limit = Math.round(bytes() / 4);
    await keep(limit);
    const left = ids();
    expect(left).toEqual(all.slice(-left.length));
    expect(bytes()).toBeLessThanOrEqual(limit);
    expect(bytes()).toBeGreaterThan(limit - 3 * WORDS.length);
  });

  test('gives up files that have arrived before it gives up mails', async () => {
    for (const id of ['one', 'two', 'three']) aMail(id, 'accepted', [DUMP]);
    await keep(bytes() - DUMP.content.length);
    expect([ids(), files('one'), files('two')]).toEqual([['one', 'two', 'three'], 0, 1]);
  });

  test('keeps what waits, whatever it takes', async () => {
    aMail('waits', null, [DUMP]);
    aMail('arrived', 'accepted', [DUMP]);
    await keep(0);
    expect([ids(), files('waits')]).toEqual([['waits'], 1]);
  });

  test('keeps the files of a mail that may be sent again, as long as it keeps the mail', async () => {
    aMail('failed', 'rejected', [DUMP]);
    aMail('arrived', 'accepted', [DUMP]);
    await keep(bytes() - DUMP.content.length);
    expect([ids(), files('failed'), files('arrived')]).toEqual([['failed', 'arrived'], 1, 0]);
    expect(outbox.resend('failed', clock.now())).toBe(true);
  });
});

test('a mail without its files is not sent again as if it had none', async () => {
  aMail('arrived', 'accepted', [DUMP]);
  await keep(bytes() - DUMP.content.length);
  // It turned out later that nobody got it.
  store.run("UPDATE recipient SET news_state = 'bounced'");
  expect(outbox.resend('arrived', clock.now())).toBe(false);
});
