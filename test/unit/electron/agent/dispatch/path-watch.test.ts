import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { createPathWatch, type PathWatch } from '../../../../../electron/agent/dispatch/path-watch.ts';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher, type RouteState } from '../../../../../mail/dispatcher.ts';
import { createOutbox, type Outbox } from '../../../../../mail/outbox.ts';
import type { Store } from '../../../../../mail/store.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { ErrorCode } from '../../../../../shared/errors.ts';
import type { Stage, Verdict } from '../../../../../shared/model/delivery.ts';
import type { Message, RouteChoice } from '../../../../../shared/model/message.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../../../fakes/fake-outlet.ts';
import { FakeRelay } from '../../../../fakes/fake-relay.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { aMessage } from '../../../../fakes/messages.ts';
import { sampleContext } from '../compose/samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ADMIN = 'admin@provider.example';
const PHONE = '5551234567@sms.example';
const OUT = 'customer@elsewhere.example';

let clock: FakeClock;
let store: Store;
let outbox: Outbox;
let servers: FakeOutlet;
let relay: FakeRelay;
let relayState: RouteState;
let profile: { emails: string[]; sms: string[] };
let hasFallback: boolean;
let watch: PathWatch;
let dispatcher: Dispatcher;
let faults: unknown[];
let made: number;

beforeEach(() => {
  clock = new FakeClock();
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
  servers = new FakeOutlet();
  relay = new FakeRelay();
  relayState = { outlet: relay };
  profile = { emails: [ADMIN], sms: [] };
  hasFallback = false;
  faults = [];
  made = 0;
  begin();
});

afterEach(async () => {
  await dispatcher.stop();
  store.close();
  if (faults.length > 0) throw new Error(`faults: ${faults.join('; ')}`);
});

/** As an agent does at its start; what was written down before is found again. */
function begin(): void {
  const route = (choice: RouteChoice): RouteState => (choice === 'smtp' ? { outlet: servers } : relayState);
  const onFault = (error: unknown) => faults.push(error);
  watch = createPathWatch({
    store,
    outbox,
    clock,
    settings: () => settingsSchema.parse({ version: 1, profile }),
    route,
    practising: () => false,
    oldestWaitingAt: createDeliveryLog(store).oldestWaitingAt,
    composer: async () => createComposer(),
    composeContext: () => sampleContext({ now: clock.now(), newId: () => `notice-${++made}` }),
    onQueued: () => dispatcher.wake(),
    onFault,
  });
  dispatcher = createDispatcher({
    outbox,
    clock,
    route,
    fallback: {
      route: () => (hasFallback ? { outlet: relay, note: null } : { outlet: null, reason: null }),
      isAdministrator: (address) => address === ADMIN,
    },
    onRecorded: (lease, attempts) => watch.recorded(lease, attempts),
    onFault,
  });
}

let queued = 0;
/** Queues a mail and lets it be tried, and the watch look. */
async function mail(given: Partial<Message> = {}): Promise<void> {
  const id = `mail-${++queued}`;
  outbox.accept([aMessage({ id, recipients: [OUT], createdAt: clock.now(), ...given })], clock.now());
  dispatcher.wake();
  await clock.advance(10);
  await watch.look();
  await clock.advance(10);
}

/** From now on the servers answer so. */
function serversSay(verdict: Verdict, code: ErrorCode | null, stage: Stage, reply: string | null): void {
  servers.onSend = async (request) => {
    const outcomes = request.recipients.map((address) => ({ address, verdict, code, reply }));
    return [{ ...servers.attempt(request, verdict), stage, code, reply, outcomes }];
  };
}
const refuse = () => serversSay('retry', 'smtp_connection_refused', 'connect', null);
const accept = () => serversSay('accepted', null, 'accepted', '250 Ok');

/** The path notices of all time, oldest first: channel, way and subject. */
const notices = () =>
  createDeliveryLog(store)
    .list({ limit: 500, since: null })
    .map(({ message }) => message)
    .filter(({ source }) => source.name === 'Mail path')
    .toReversed()
    .map(({ channel, route, subject }) => `${channel} ${route} ${subject}`);
const DEAD = 'email relay [CRITICAL] front-desk: No mail leaves by SMTP mail.contoso.example:25';
const BACK = 'email smtp [INFO] front-desk: Mail leaves by SMTP mail.contoso.example:25 again';

describe('mail servers that fail', () => {
  test('after three deliveries in a row, the administrator is told by the Web Service, once', async () => {
    refuse();
    await mail();
    await mail();
    expect([notices(), watch.shown()]).toEqual([[], []]);
    await mail();
    for (let more = 0; more < 20; more++) await mail();
    expect([notices(), relay.mailed]).toEqual([[DEAD], [ADMIN]]);
    expect(watch.shown()).toEqual([
      {
        name: 'Mail path SMTP',
        since: clock.now() - 460,
        text: 'Nothing is accepted by SMTP mail.contoso.example:25. The mail server mail.contoso.example:25 refused the connection. The administrator was told by the Tocsin Web Service.',
      },
    ]);
  });

  test('a mail that is accepted in between begins the count anew', async () => {
    for (let turn = 0; turn < 4; turn++) {
      refuse();
      await mail();
      await mail();
      accept();
      await mail();
    }
    expect(notices()).toEqual([]);
  });

  test.each<
    [rule: string, verdict: Verdict, code: ErrorCode, stage: Stage, reply: string | null, told: number]
  >([
    ['the connection times out', 'retry', 'smtp_connection_timeout', 'connect', null, 1],
    ['the login is refused', 'retry', 'smtp_auth_failed', 'auth', '535 5.7.8 No', 1],
    ['the sender is refused', 'rejected', 'smtp_sender_rejected', 'sender', '550 5.7.60 No', 1],
    ['the server passes nothing on', 'rejected', 'smtp_relaying_denied', 'recipient', '550 5.7.1 No', 1],
    ['the server has no room', 'retry', 'smtp_temporary', 'sender', '452 4.3.1 No room', 1],
    ['the recipient does not exist', 'rejected', 'smtp_recipient_rejected', 'recipient', '550 5.1.1 No', 0],
    ['the recipient is greylisted', 'retry', 'smtp_temporary', 'recipient', '450 4.2.0 Later', 0],
    ['the message is refused', 'rejected', 'smtp_message_rejected', 'data', '554 5.7.1 Spam', 0],
  ])('%s: %s %s counts or not', async (_rule, verdict, code, stage, reply, told) => {
    serversSay(verdict, code, stage, reply);
    for (let count = 0; count < 4; count++) await mail();
    expect(notices()).toHaveLength(told);
  });

  test('with fallback on, mail that goes round servers known to be down counts', async () => {
    hasFallback = true;
    servers.isAvailable = false;
    await mail();
    await mail();
    expect(notices()).toEqual([]);
    await mail();
    expect(notices()).toEqual([DEAD]);
    expect(relay.requests.map(({ key }) => key.split('-')[0])).toEqual(['mail', 'mail', 'mail', 'notice']);
  });

  test('a single mail that waits for servers known to be down is told of after three minutes', async () => {
    servers.isAvailable = false;
    const downSince = clock.now();
    const health = servers.health.bind(servers);
    servers.health = () => health().map((entry) => ({ ...entry, since: downSince }));
    await mail();
    await clock.advance(2.9 * MINUTE);
    await watch.look();
    expect(notices()).toEqual([]);
    await clock.advance(0.1 * MINUTE);
    await watch.look();
    expect(notices()).toEqual([DEAD]);
  });

  test('text messages are sent as well', async () => {
    profile = { emails: [ADMIN], sms: [PHONE] };
    refuse();
    for (let count = 0; count < 3; count++) await mail();
    expect(notices()).toEqual([DEAD, 'sms relay front-desk']);
    expect(relay.mailed).toEqual([ADMIN, PHONE]);
  });
});

describe('when mail leaves again', () => {
  test('a follow-up in the same conversation says for how long it did not', async () => {
    refuse();
    for (let count = 0; count < 3; count++) await mail();
    await clock.advance(2 * HOUR + 5 * MINUTE);
    accept();
    await mail();
    expect([notices(), watch.shown()]).toEqual([[DEAD, BACK], []]);
    const back = createDeliveryLog(store).find('notice-2')?.message;
    expect(back?.references).toEqual(['notice-1@contoso.example']);
    expect(back?.text).toContain('Nothing was accepted there for 2 h 5 min');
  });

  test('nobody who was not told of the one is told of the other', async () => {
    relay.isAvailable = false;
    refuse();
    for (let count = 0; count < 3; count++) await mail();
    expect(watch.shown()[0]?.text).toContain('Nobody could be told of it by another way.');
    accept();
    await mail();
    expect([notices(), watch.shown()]).toEqual([[], []]);
  });

  test('at most one notice in 24 h, however often it dies, and one a day while it stays dead', async () => {
    for (let turn = 0; turn < 5; turn++) {
      refuse();
      for (let count = 0; count < 3; count++) await mail();
      accept();
      await mail();
      await clock.advance(HOUR);
    }
    expect(notices()).toEqual([DEAD, BACK]);
    refuse();
    for (let count = 0; count < 3; count++) await mail();
    for (let hour = 0; hour < 48; hour++) {
      await clock.advance(HOUR);
      await watch.look();
    }
    expect(notices().filter((notice) => notice === DEAD)).toHaveLength(3);
  });

  test('what was told is remembered by the next process', async () => {
    refuse();
    for (let count = 0; count < 3; count++) await mail();
    await dispatcher.stop();
    begin();
    expect(watch.shown()).toHaveLength(1);
    for (let count = 0; count < 6; count++) await mail();
    expect(notices()).toEqual([DEAD]);
    accept();
    await mail();
    expect(notices()).toEqual([DEAD, BACK]);
  });
});

describe('the Web Service', () => {
  const RELAYED = { route: 'relay' } as const;

  test('when it is dead, the administrator is told by SMTP', async () => {
    relay.answers = ['unreachable'];
    for (let count = 0; count < 3; count++) await mail(RELAYED);
    expect(notices()).toEqual(['email smtp [CRITICAL] front-desk: No mail leaves by the Tocsin Web Service']);
    expect(servers.sent.map(({ recipients }) => recipients)).toEqual([[ADMIN]]);
  });

  test.each([
    ['refuses a message for what it is', 'refuse', 0],
    ['refuses everything, because the subscription has ended', 'expired', 1],
  ] as const)('when it %s', async (_, answer, told) => {
    relay.answers = [answer];
    for (let count = 0; count < 4; count++) await mail(RELAYED);
    expect(notices()).toHaveLength(told);
  });

  test('when both are dead it is only shown, and told as soon as one is back', async () => {
    refuse();
    relay.answers = ['unreachable'];
    for (let count = 0; count < 3; count++) {
      await mail(RELAYED);
      await mail();
    }
    const before = notices();
    expect(watch.shown().map(({ name }) => name)).toEqual(['Mail path SMTP', 'Mail path Web Service']);
    relay.answers = ['accept'];
    await mail(RELAYED);
    expect([before.length, notices().includes(DEAD)]).toEqual([1, true]);
  });
});

test('a path notice that fails counts for nothing, so that they cannot feed themselves (I12)', async () => {
  refuse();
  relay.answers = ['unreachable'];
  for (let count = 0; count < 3; count++) await mail();
  for (let hour = 0; hour < 100; hour++) {
    await clock.advance(HOUR);
    await watch.look();
  }
  expect(notices().length).toBeLessThanOrEqual(5);
  expect(watch.shown().map(({ name }) => name)).toEqual(['Mail path SMTP']);
});

test('with no Web Service, and with nobody to tell, it is only shown', async () => {
  refuse();
  relayState = { outlet: null, route: 'relay', code: 'relay_unreachable', reason: 'not enrolled' };
  for (let count = 0; count < 3; count++) await mail();
  expect([notices(), watch.shown().length]).toEqual([[], 1]);
  relayState = { outlet: relay };
  profile = { emails: [], sms: [] };
  await watch.look();
  expect([notices(), watch.shown().length]).toEqual([[], 1]);
});
