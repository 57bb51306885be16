import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox, type Outbox } from '../../../mail/outbox.ts';
import { writeNews } from '../../../mail/recipient-news.ts';
import type { Store } from '../../../mail/store.ts';
import { isFailed, type RecipientNews, type Verdict } from '../../../shared/model/delivery.ts';
import { fakeRandom } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const ADDRESS = 'it@contoso.example';
let store: Store;
let outbox: Outbox;

beforeEach(() => {
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
});

/** One message to one recipient that came to `verdict` at time 10. */
function settled(verdict: Verdict): void {
  outbox.accept([aMessage({ route: 'relay' })], 0);
  const lease = outbox.lease('relay', 0, () => true);
  if (lease === null) throw new Error('nothing to lease');
  const outcome = { address: ADDRESS, verdict, code: null, reply: '202' };
  const attempt = {
    at: 0,
    durationMs: 1,
    route: 'relay',
    server: null,
    stage: 'accepted',
    code: null,
  } as const;
  outbox.settle(lease, [{ ...attempt, reply: '202', reason: 'SMTP override', outcomes: [outcome] }], 10);
}

const news = (
  state: RecipientNews['state'],
  source: RecipientNews['source'] = 'relay',
  at = 20,
): RecipientNews => ({
  state,
  at,
  source,
  reply: `${state} by ${source}`,
});
const tell = (item: RecipientNews, address = ADDRESS) =>
  writeNews(store, 'message-1', [{ address, news: item }]);
const recipient = () => createDeliveryLog(store).find('message-1')?.recipients[0];

describe('what is heard after an acceptance', () => {
  type Row = readonly [rule: string, given: RecipientNews[], kept: string, failures: number];
  test.each([
    ['it stands beside the acceptance', [news('accepted')], 'accepted relay', 0],
    ['a later word replaces it', [news('accepted'), news('failed')], 'failed relay', 1],
    ['the same word again is no news', [news('failed'), news('failed', 'relay', 30)], 'failed relay', 1],
    ['who saw it come back knows better', [news('accepted'), news('bounced', 'bounce')], 'bounced bounce', 1],
    [
      'and is not contradicted by who handed it on',
      [news('bounced', 'bounce'), news('accepted')],
      'bounced bounce',
      1,
    ],
    [
      'failed and then come back is one failure',
      [news('failed'), news('bounced', 'bounce')],
      'bounced bounce',
      1,
    ],
    [
      'who saw it arrive knows best',
      [news('failed'), news('arrived', 'round-trip')],
      'arrived round-trip',
      1,
    ],
  ] satisfies Row[])('%s', (_, given, kept, failures) => {
    settled('accepted');
    const told = given.flatMap((item) => tell(item));
    expect(told).toHaveLength(failures);
    expect(`${recipient()?.news?.state} ${recipient()?.news?.source}`).toBe(kept);
    expect(recipient()?.status).toBe('accepted');
  });

  test.each(['retry', 'rejected', 'unknown'] as const)(
    'after “%s” there is no acceptance to hear about',
    (verdict) => {
      settled(verdict);
      expect(tell(news('failed'))).toEqual([]);
      expect(recipient()?.news).toBeNull();
    },
  );

  test('an address is the same in upper case; a stranger, or a message that is not known, is no news', () => {
    settled('accepted');
    expect(tell(news('accepted'), 'someone@contoso.example')).toEqual([]);
    expect(writeNews(store, 'no-such', [{ address: ADDRESS, news: news('failed') }])).toEqual([]);
    expect(tell(news('failed'), ADDRESS.toUpperCase())).toMatchObject([
      { address: ADDRESS, reply: 'failed by relay' },
    ]);
  });

  test('a failure is counted when it was heard, and sending again forgets it', () => {
    settled('accepted');
    const counts = (since: number) => createDeliveryLog(store).counts(since);
    expect(counts(0)).toMatchObject({ accepted: 1, failed: 0 });
    expect(outbox.resend('message-1', 15)).toBe(false);
    tell(news('failed'));
    expect(counts(0)).toMatchObject({ accepted: 0, failed: 1 });
    expect(counts(15)).toMatchObject({ accepted: 0, failed: 1 });
    const failed = recipient();
    expect(failed && isFailed(failed)).toBe(true);
    expect(outbox.resend('message-1', 25)).toBe(true);
    expect(recipient()).toMatchObject({ status: 'queued', news: null });
  });

  test('a message is found by the Message-ID that the Web Service gives it', () => {
    settled('accepted');
    const find = (id: string) => createDeliveryLog(store).find(id)?.message.id;
    expect([
      find('<message-1@provider.example>'),
      find('message-1.sms@provider.example'),
      find('other@provider.example'),
    ]).toEqual(['message-1', 'message-1', undefined]);
  });
});
