import { describe, expect, test } from 'vitest';
import { messageState, recipientsToResend, recipientState } from '../../../renderer/model/delivery-state.ts';
import type { RecipientNews } from '../../../shared/model/delivery.ts';
import { recipient } from './delivery-samples.ts';

const news = (state: RecipientNews['state']): RecipientNews => ({
  state,
  at: 1,
  source: 'bounce',
  reply: null,
});

const waiting = recipient();
const again = recipient({ attempts: 2 });
const accepted = recipient({ status: 'accepted' });
const handedOn = recipient({ status: 'accepted', news: news('accepted') });
const arrived = recipient({ status: 'accepted', news: news('arrived') });
const bounced = recipient({ status: 'accepted', news: news('bounced') });
const failedLater = recipient({ status: 'accepted', news: news('failed') });
const failed = recipient({ status: 'failed' });

describe('a recipient', () => {
  test.each([
    ['nobody has tried yet', waiting, 'unknown', 'Waiting'],
    ['is tried again', again, 'warning', 'Trying again'],
    ['was accepted: never more is said than that', accepted, 'ok', 'Accepted'],
    ['was accepted by the next server too', handedOn, 'ok', 'Accepted'],
    ['was seen in the mailbox', arrived, 'ok', 'Arrived'],
    ['was accepted and came back', bounced, 'critical', 'Came back'],
    ['was accepted and failed later', failedLater, 'critical', 'Failed'],
    ['was given up', failed, 'critical', 'Failed'],
  ] as const)('that %s', (_rule, given, state, word) => {
    expect(recipientState(given)).toEqual({ state, word });
  });
});

describe('a message', () => {
  test.each([
    ['of one recipient says what is known of that one', [failed], 'critical', 'Failed'],
    ['says the worst, and of how many it is true', [accepted, failed, waiting], 'critical', 'Failed, 1 of 3'],
    ['all of whose recipients failed leaves the number out', [failed, failedLater], 'critical', 'Failed'],
    ['that waits for some', [accepted, again], 'warning', 'Trying again, 1 of 2'],
    ['some of which arrived and some were only accepted: accepted', [arrived, accepted], 'ok', 'Accepted'],
    ['all of which arrived', [arrived, arrived], 'ok', 'Arrived'],
    ['to nobody', [], 'unknown', 'Nobody to mail'],
  ] as const)('%s', (_rule, recipients, state, word) => {
    expect(messageState(recipients)).toEqual({ state, word });
  });

  test('is sent again to whom it has not got for all that is known, and to nobody else', () => {
    const all = [waiting, again, accepted, handedOn, arrived, bounced, failedLater, failed];
    expect(recipientsToResend(all)).toEqual([waiting, again, bounced, failedLater, failed]);
  });
});
