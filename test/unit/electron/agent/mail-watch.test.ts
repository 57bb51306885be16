import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createComposer } from '../../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../../electron/agent/compose/context.ts';
import { createEventStore } from '../../../../electron/agent/events/event-store.ts';
import { createAgentLog } from '../../../../electron/agent/log.ts';
import { createMailWatch } from '../../../../electron/agent/mail-watch.ts';
import { dataDirAt } from '../../../../electron/agent/platform/data-dir.ts';
import { makeOwnerOnlyDir } from '../../../../electron/agent/platform/files.ts';
import { openDatabase } from '../../../../electron/agent/record/open-database.ts';
import { createDeliveryLog } from '../../../../mail/delivery-log.ts';
import { createOutbox } from '../../../../mail/outbox.ts';
import { writeNews } from '../../../../mail/recipient-news.ts';
import { settingsSchema } from '../../../../shared/contract/settings.ts';
import type { Attempt } from '../../../../shared/model/delivery.ts';
import { FakeClock, fakeRandom } from '../../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../../fakes/fake-outlet.ts';
import { memoryStore } from '../../../fakes/memory-store.ts';
import { aMessage } from '../../../fakes/messages.ts';
import { startRealAgent } from '../../../fakes/real-agent.ts';
import { scratchDir } from '../../../fakes/scratch-dir.ts';
import { anEvent, aRule } from './events/sample-events.ts';

describe('what the Web Service gives up after it had accepted', () => {
  test('is a Final Delivery Failed by that way, in the words of its server', () => {
    const store = memoryStore();
    const clock = new FakeClock();
    const random = fakeRandom();
    const outbox = createOutbox(store, random);
    const settings = settingsSchema.parse({ version: 1 });
    const watch = createMailWatch({
      store,
      outbox,
      clock,
      dataDir: scratchDir(),
      deliveries: createDeliveryLog(store),
      log: createAgentLog({ info() {}, warn() {}, error() {} }),
      settings: () => settings,
      password: () => null,
      composer: async () => createComposer(),
      composeContext: () => composeContextOf({ settings, hostName: 'pc', clock, random, routeText: 'SMTP' }),
      sender: () => 'tocsin@contoso.example',
      isOpen: () => true,
      onQueued: () => {},
      onSettled: () => {},
      onRead: () => {},
      onFault: (error) => {
        throw error;
      },
    });
    const message = aMessage({ id: 'one', recipients: ['ann@contoso.example', 'bob@contoso.example'] });
    outbox.accept([message], clock.now());
    const lease = outbox.lease('smtp', clock.now(), () => true);
    if (lease === null) throw new Error('nothing waits');
    const sent = { message, recipients: lease.recipients, pinnedServer: null, attachments: [] };
    const attempt: Attempt = { ...new FakeOutlet().attempt(sent, 'accepted'), route: 'relay' };
    watch.events.outbox.settle(lease, [attempt], clock.now());
    expect(watch.events.list(10, null)).toEqual([]);

    const reply = '550 5.1.1 no such user';
    const news = { state: 'failed', at: clock.now(), source: 'relay', reply } as const;
    watch.failedLater(writeNews(store, 'one', [{ address: 'bob@contoso.example', news }]));
    watch.failedLater(writeNews(store, 'one', [{ address: 'bob@contoso.example', news }]));
    expect(watch.events.list(10, null).map(({ event }) => event)).toMatchObject([
      {
        type: 'final-delivery-failed',
        route: 'relay',
        code: 'mail_bounced',
        recipients: ['bob@contoso.example'],
        messageId: 'one',
        reply,
      },
    ]);
  });
});

describe('what an agent that was killed had decided to do about an event', () => {
  test('is done once the ways out stand, without a fault', async () => {
    const folder = scratchDir();
    const dataDir = dataDirAt(join(folder, 'data'));
    makeOwnerOnlyDir(dataDir.path);
    const opened = openDatabase(dataDir.databasePath, Date.now(), false);
    if (!opened.ok) throw new Error(opened.error.message);
    const rule = aRule({}, [{ type: 'send-email', recipients: ['ann@contoso.example'] }]);
    createEventStore(opened.value).record([anEvent()], [rule], { weekday: 'mon', minuteOfDay: 0 });
    opened.value.close();

    const real = await startRealAgent({ folder });
    onTestFinished(() => real.agent.stop());
    const actions = async () =>
      (await real.call('events.list', { limit: 1, before: null })).flatMap((event) => event.actions);
    const isDone = async () => expect(await actions()).toMatchObject([{ status: 'done', tries: 1 }]);
    await vi.waitFor(isDone, { timeout: 9000, interval: 50 });
    expect(real.said.filter((line) => line.includes('unexpected fault'))).toEqual([]);
  });
});
