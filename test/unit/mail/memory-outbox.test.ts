import { beforeEach, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import type { FallbackOptions } from '../../../mail/fallback.ts';
import { createMemoryOutbox, type MemoryOutbox } from '../../../mail/memory-outbox.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../fakes/fake-outlet.ts';
import { FakeRelay } from '../../fakes/fake-relay.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

let clock: FakeClock;
let disk: Store;
let isFull: boolean;
let outlet: FakeOutlet;
let memory: MemoryOutbox;
let faults: unknown[];
let fallback: FallbackOptions;

beforeEach(() => {
  clock = new FakeClock();
  disk = memoryStore();
  isFull = true;
  outlet = new FakeOutlet();
  faults = [];
  fallback = { route: () => ({ outlet: null, reason: null }), isAdministrator: () => false };
  memory = createMemoryOutbox({
    disk: {
      ...disk,
      transaction(work) {
        if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
        return disk.transaction(work);
      },
    },
    clock,
    random: fakeRandom(),
    route: () => ({ outlet }),
    fallback: {
      route: () => fallback.route(),
      isAdministrator: (address) => fallback.isAdministrator(address),
    },
    onQueued: () => {},
    onFault: (error) => faults.push(error),
  });
});

const onDisk = () =>
  createDeliveryLog(disk)
    .list({ limit: 10, since: null })
    .map(({ message, recipients, attempts }) => [
      message.id,
      recipients.map(({ status }) => status).join(' '),
      attempts.length,
    ]);

test('mail is sent from memory while the disk takes nothing, and is on the disk with its outcome afterwards', async () => {
  memory.take([aMessage({ id: 'a' }), aMessage({ id: 'b' })]);
  await clock.advance(10);
  memory.moveToDisk();
  expect([outlet.sent.length, memory.size(), onDisk()]).toEqual([2, 2, []]);
  isFull = false;
  memory.moveToDisk();
  expect([memory.size(), onDisk()]).toEqual([
    0,
    [
      ['b', 'accepted', 1],
      ['a', 'accepted', 1],
    ],
  ]);
  expect(faults).toEqual([]);
});

test('what waits moves as well; what is on its way stays until it has come to something', async () => {
  let answer = () => {};
  outlet.onSend = (request) =>
    new Promise((resolve) => {
      answer = () => resolve([outlet.attempt(request, 'accepted')]);
    });
  memory.take([aMessage({ id: 'a' }), aMessage({ id: 'b' })]);
  await clock.advance(10);
  isFull = false;
  memory.moveToDisk();
  expect([memory.size(), onDisk()]).toEqual([1, [['b', 'queued', 0]]]);
  answer();
  await clock.advance(10);
  memory.moveToDisk();
  expect([memory.size(), onDisk().length]).toEqual([0, 2]);
});

test('what finds no room even in memory is told', () => {
  outlet.isAvailable = false;
  memory.take(Array.from({ length: 2001 }, (_, index) => aMessage({ id: `m${index}` })));
  expect([memory.size(), faults.map(String)]).toEqual([2000, [expect.stringContaining('1 mails')]]);
});

test('what the Web Service may have moves with its key, and is asked for under it from the disk', async () => {
  const relay = new FakeRelay();
  relay.answers = ['lost'];
  outlet.isAvailable = false;
  fallback = { route: () => ({ outlet: relay, note: null }), isAdministrator: () => false };
  memory.take([aMessage({ id: 'a' })]);
  await clock.advance(10);
  isFull = false;
  memory.moveToDisk();
  const lease = createOutbox(disk, fakeRandom()).lease('smtp', clock.now() + 60_000, () => true);
  expect(lease?.submission).toMatchObject({ key: 'a', unsureSince: clock.now() - 10 });
  expect(lease?.recipients).toEqual(['it@contoso.example']);
});
