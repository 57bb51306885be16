import { describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../../electron/agent/compose/composer.ts';
import type { Enrolment } from '../../../../../../electron/agent/dispatch/relay/enrolment.ts';
import { tellOfSubscription } from '../../../../../../electron/agent/dispatch/relay/subscription-notices.ts';
import { createDeliveryLog } from '../../../../../../mail/delivery-log.ts';
import { createOutbox } from '../../../../../../mail/outbox.ts';
import { systemRandom } from '../../../../../../mail/platform/clock.ts';
import type { Store } from '../../../../../../mail/store.ts';
import { settingsSchema } from '../../../../../../shared/contract/settings.ts';
import type { RouteChoice } from '../../../../../../shared/model/message.ts';
import { FakeClock } from '../../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../../fakes/memory-store.ts';
import { sampleContext } from '../../compose/samples.ts';

const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 0, 5);
const END = START + 40 * DAY;

function enrolment(expiresAt: number | null): Enrolment {
  const facts = {
    installationId: 'i',
    keyId: 'k',
    publicKey: 'p',
    enrolledAt: 0,
    from: 'a@provider.example',
  };
  return {
    version: 1,
    url: 'https://relay.provider.example',
    ca: null,
    replyTo: null,
    checkedAt: 0,
    expiresAt,
    ...facts,
  };
}

/** Tells as of a day, on a store that may have lived through restarts. */
function teller(store: Store, noticeRoute: RouteChoice = 'smtp') {
  const clock = new FakeClock(START);
  const options = {
    store,
    outbox: createOutbox(store, systemRandom),
    clock,
    settings: () => settingsSchema.parse({ version: 1, profile: { emails: ['admin@contoso.example'] } }),
    composer: async () => createComposer(),
    composeContext: () => ({
      ...sampleContext(),
      now: clock.now(),
      newId: () => systemRandom.id(clock.now()),
      noticeRoute,
    }),
    onQueued: () => {},
    onTold: () => {},
  };
  return async (day: number, expiresAt: number | null = END) => {
    clock.jump(START + day * DAY - clock.now());
    await tellOfSubscription(enrolment(expiresAt), options);
  };
}

const subjects = (store: Store) =>
  createDeliveryLog(store)
    .list({ limit: 50, since: null })
    .map(({ message }) => message.subject.replace(/^.*Web Service subscription /, ''))
    .toReversed();

describe('the end of a subscription', () => {
  test('is told 30, 7 and 1 days before and when it has come: once each, whatever is restarted', async () => {
    const store = memoryStore();
    for (let day = 0; day <= 45; day += 0.25) await teller(store)(day);
    expect(subjects(store)).toEqual(['ends in 30 days', 'ends in 7 days', 'ends within a day', 'has ended']);
  });

  test('days missed are not made up for', async () => {
    const store = memoryStore();
    await teller(store)(36);
    await teller(store)(36.1);
    expect(subjects(store)).toEqual(['ends in 4 days']);
  });

  test('an extension begins anew; without an end nothing is said', async () => {
    const store = memoryStore();
    await teller(store)(35);
    await teller(store)(36, END + 365 * DAY);
    await teller(store)(36, null);
    await teller(store)(36 + 365 - 1, END + 365 * DAY);
    expect(subjects(store)).toEqual(['ends in 5 days', 'ends in 5 days']);
  });

  test('two looks at once write one mail', async () => {
    const store = memoryStore();
    const tell = teller(store);
    await Promise.all([tell(35), tell(35), tell(35)]);
    expect(subjects(store)).toHaveLength(1);
  });

  test('where the service is the only way out, the mail takes it and says so', async () => {
    const store = memoryStore();
    await teller(store, 'relay')(35);
    const [record] = createDeliveryLog(store).list({ limit: 1, since: null });
    expect(record?.message.route).toBe('relay');
    expect(record?.message.text).toContain('Tocsin Web Service, because no mail server is set');
  });
});
