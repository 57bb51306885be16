import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher, type RouteState } from '../../../mail/dispatcher.ts';
import { createOutbox, type FinalFailure, type Outbox } from '../../../mail/outbox.ts';
import { GIVE_UP_AFTER_MS } from '../../../mail/retry-policy.ts';
import type { Store } from '../../../mail/store.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../fakes/fake-outlet.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const MINUTE = 60_000;

let clock: FakeClock;
let store: Store;
let outbox: Outbox;
let outlet: FakeOutlet;
let dispatcher: Dispatcher;
let faults: unknown[];
let expired: FinalFailure[];
let backlogs: number;

beforeEach(() => {
  clock = new FakeClock();
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
  outlet = new FakeOutlet();
  faults = [];
  expired = [];
  backlogs = 0;
  const route = (choice: RouteChoice): RouteState =>
    choice === 'smtp'
      ? { outlet }
      : { outlet: null, route: 'relay', code: 'relay_unreachable', reason: 'not enrolled; it is kept' };
  dispatcher = createDispatcher({
    outbox,
    clock,
    route,
    onBacklog: () => {
      backlogs += 1;
    },
    onExpired: (failures) => expired.push(...failures),
    onFault: (error) => faults.push(error),
  });
});

function queue(count: number, given: Parameters<typeof aMessage>[0] = {}, prefix = 'message'): void {
  const messages = Array.from({ length: count }, (_, index) =>
    aMessage({ id: `${prefix}-${index + 1}`, ...given }),
  );
  outbox.accept(messages, clock.now());
  dispatcher.wake();
}

const log = () => createDeliveryLog(store);
const ids = () => outlet.sent.map((request) => request.message.id);

describe('dispatcher', () => {
  test('sends what is put into the outbox at once, oldest first, each once', async () => {
    queue(3);
    await clock.advance(0);
    expect(ids()).toEqual(['message-1', 'message-2', 'message-3']);
    expect(outbox.waiting('smtp')).toBe(0);
    await clock.advance(10 * MINUTE);
    expect(outlet.sent).toHaveLength(3);
  });

  test('gives nothing up because the clock was set forward by a year while no server answered', async () => {
    outlet.isAvailable = false;
    queue(1);
    await clock.advance(MINUTE);
    clock.jump(365 * 24 * 60 * MINUTE);
    await clock.advance(2 * MINUTE);
    expect(expired).toEqual([]);
    outlet.isAvailable = true;
    await clock.advance(2 * MINUTE);
    expect(ids()).toEqual(['message-1']);
  });

  test('gives nothing up because the clock was set forward during a send', async () => {
    outlet.onSend = async (request) => {
      clock.jump(365 * 24 * 60 * MINUTE);
      return [outlet.attempt(request, 'retry')];
    };
    queue(1);
    await clock.advance(MINUTE / 2);
    expect(log().find('message-1')?.recipients[0]?.status).toBe('queued');
  });

  test('tries again when the schedule says, and not before', async () => {
    outlet.onSend = async (request) => [outlet.attempt(request, 'retry')];
    queue(1);
    await clock.advance(MINUTE - 1);
    expect(outlet.sent).toHaveLength(1);
    await clock.advance(2);
    expect(outlet.sent).toHaveLength(2);
  });

  test('tries at once when told to', async () => {
    outlet.onSend = async (request) => [
      outlet.attempt(request, outlet.sent.length === 1 ? 'retry' : 'accepted'),
    ];
    queue(1);
    await clock.advance(10);
    dispatcher.tryNow(null);
    await clock.advance(0);
    expect(outlet.sent).toHaveLength(2);
    expect(outbox.waiting('smtp')).toBe(0);
  });

  test('while every server is down nothing is tried, and the log says why it waits', async () => {
    outlet.isAvailable = false;
    queue(1);
    await clock.advance(2 * MINUTE);
    expect(outlet.sent).toHaveLength(0);
    expect(outlet.waiting).toBe(true);
    const attempts = log().find('message-1')?.attempts ?? [];
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ stage: 'route', code: 'smtp_connection_refused' });
    outlet.isAvailable = true;
    dispatcher.tryNow('smtp');
    await clock.advance(0);
    expect(outlet.sent).toHaveLength(1);
  });

  test('an override message waits for the Web Service and never leaves by SMTP', async () => {
    queue(1, { route: 'relay' });
    await clock.advance(60 * MINUTE);
    expect(outlet.sent).toHaveLength(0);
    expect(log().find('message-1')?.attempts[0]).toMatchObject({ route: 'relay', code: 'relay_unreachable' });
    expect(log().find('message-1')?.recipients[0]?.status).toBe('queued');
  });

  test('what waited five days for a dead server is given up, and that is told', async () => {
    outlet.isAvailable = false;
    queue(1);
    await clock.advance(GIVE_UP_AFTER_MS + 2 * MINUTE);
    expect(expired).toMatchObject([{ address: 'it@contoso.example', code: 'smtp_connection_refused' }]);
  });

  test('one mail at a time, five while more than fifty wait', async () => {
    outlet.onSend = async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return [outlet.attempt(request, 'accepted')];
    };
    queue(3);
    await clock.advance(100);
    expect(outlet.mostInFlight).toBe(1);
    queue(60, {}, 'later');
    await clock.advance(100);
    expect(outlet.mostInFlight).toBe(5);
    while (outbox.waiting('smtp') > 0) await clock.advance(0);
  });

  test('a backlog is told of, and a few mails are none', async () => {
    queue(50);
    await clock.advance(0);
    expect(backlogs).toBe(0);
    queue(51, {}, 'more');
    await clock.advance(0);
    expect(backlogs).toBeGreaterThan(0);
  });

  test('a mail that hangs holds back the others for two seconds at most', async () => {
    outlet.onSend = async (request) => {
      if (request.message.id === 'message-1') await new Promise(() => {});
      return [outlet.attempt(request, 'accepted')];
    };
    queue(3);
    await clock.advance(1999);
    expect(ids()).toEqual(['message-1']);
    await clock.advance(2);
    expect(ids()).toEqual(['message-1', 'message-2', 'message-3']);
  });

  test('an outlet that throws costs a place in the schedule, not the message', async () => {
    outlet.onSend = async () => {
      throw new Error('a fault');
    };
    queue(1);
    await clock.advance(0);
    expect(faults).toHaveLength(1);
    outlet.onSend = async (request) => [outlet.attempt(request, 'accepted')];
    await clock.advance(MINUTE);
    expect(outbox.waiting('smtp')).toBe(0);
  });

  test('what was sent and could not be written down is written down later, not sent again', async () => {
    const settle = outbox.settle;
    let full = true;
    outbox.settle = (...words) => {
      if (full) throw new Error('database or disk is full');
      return settle(...words);
    };
    queue(1);
    await clock.advance(20_000);
    expect(faults.length).toBeGreaterThan(1);
    full = false;
    await clock.advance(20 * MINUTE);
    expect(outlet.sent).toHaveLength(1);
    expect(log().find('message-1')?.recipients[0]?.status).toBe('accepted');
  });

  test('a database that fails for a while costs time, not the process: it goes on by itself', async () => {
    outlet.onSend = async (request) => [
      outlet.attempt(request, outlet.sent.length === 1 ? 'retry' : 'accepted'),
    ];
    queue(1);
    await clock.advance(10);
    const { lease, makeDue } = outbox;
    const fail = (): never => {
      throw new Error('database or disk is full');
    };
    Object.assign(outbox, { lease: fail, makeDue: fail });
    await clock.advance(10 * MINUTE);
    dispatcher.tryNow('smtp');
    expect(faults.length).toBeGreaterThan(1);
    Object.assign(outbox, { lease, makeDue });
    await clock.advance(MINUTE);
    expect(outbox.waiting('smtp')).toBe(0);
  });

  test('a mail whose lease the disk did not take is tried again after a second, and ever more seldom', async () => {
    const { lease } = outbox;
    let refusals = 0;
    outbox.lease = (): never => {
      refusals += 1;
      throw new Error('disk I/O error');
    };
    queue(1);
    await clock.advance(999);
    expect(refusals).toBe(1);
    await clock.advance(1);
    expect(refusals).toBe(2);
    await clock.advance(60 * MINUTE);
    expect(refusals).toBeLessThan(70);
    outbox.lease = lease;
    await clock.advance(MINUTE);
    expect(ids()).toEqual(['message-1']);
  });

  test('a mail that is being sent is not sent beside itself when it is resent or the clock jumps', async () => {
    let accept = () => {};
    outlet.onSend = async (request) => {
      await new Promise<void>((resolve) => {
        accept = resolve;
      });
      return [outlet.attempt(request, 'accepted')];
    };
    queue(1);
    await clock.advance(3000);
    outbox.resend('message-1', clock.now());
    dispatcher.wake();
    clock.jump(365 * 24 * 60 * MINUTE);
    await clock.advance(MINUTE);
    expect(outlet.sent).toHaveLength(1);
    accept();
    await clock.advance(2 * MINUTE);
    expect(outlet.sent).toHaveLength(1);
    expect(log().find('message-1')?.recipients[0]?.status).toBe('accepted');
  });

  test('what is accepted after all is no failure, though the clock had jumped past its five days', async () => {
    let accept = () => {};
    outlet.onSend = async (request) => {
      await new Promise<void>((resolve) => {
        accept = resolve;
      });
      return [outlet.attempt(request, 'accepted')];
    };
    queue(1);
    await clock.advance(10);
    outlet.isAvailable = false;
    clock.jump(365 * 24 * 60 * MINUTE);
    await clock.advance(2 * MINUTE);
    accept();
    await clock.advance(10);
    expect(log().find('message-1')?.recipients[0]?.status).toBe('accepted');
  });

  test('after a sleep of more than five days what waits gets an hour to find a server again', async () => {
    outlet.isAvailable = false;
    queue(1);
    await clock.advance(10 * MINUTE);
    clock.jump(6 * 24 * 60 * MINUTE);
    dispatcher.tryNow(null);
    await clock.advance(59 * MINUTE);
    expect(expired).toEqual([]);
    await clock.advance(3 * MINUTE);
    expect(expired).toHaveLength(1);
  });

  test('after it was stopped nothing is sent any more', async () => {
    await dispatcher.stop();
    queue(1);
    await clock.advance(10 * MINUTE);
    expect(outlet.sent).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });
});
