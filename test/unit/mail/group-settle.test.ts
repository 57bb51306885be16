import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher } from '../../../mail/dispatcher.ts';
import { createOutbox, type Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import { sleep } from '../../../shared/model/clock.ts';
import type { Verdict } from '../../../shared/model/delivery.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../fakes/fake-outlet.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const MINUTE = 60_000;
const WORKERS = 5;
const MOST_WORKERS = 10;
/** Enough to wait for five workers to be let loose. */
const BACKLOG = 60;
const HANGS = 60_000;

/** A dispatcher whose sends take as long as the test says, on a store whose commits can be made to fail. */
class Rig {
  readonly clock = new FakeClock();
  readonly outlet = new FakeOutlet();
  readonly faults: unknown[] = [];
  /** How many mails each commit wrote down. */
  readonly groups: number[] = [];
  /** Which of these were not waited for until the disk had them. */
  readonly late: boolean[] = [];
  /** How many mails were accepted and not written down, at most. */
  mostUnwritten = 0;
  durationMs: (id: string) => number = () => 10;
  verdict: (id: string) => Verdict = () => 'accepted';
  /** How late the dispatcher's timers come: the process is busy. */
  lateMs = 0;
  /** Why a commit that writes these mails down fails; null where it does not. */
  fails: (ids: readonly string[]) => 'at once' | 'at its end' | null = () => null;
  onRecorded = () => {};
  readonly store: Store = memoryStore();
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  readonly #unwritten = new Set<string>();
  #written: string[] = [];

  constructor() {
    const outbox = createOutbox(this.store, fakeRandom());
    this.outbox = {
      ...outbox,
      together: (calls) => this.#commit(() => outbox.together(() => this.#perhapsFailing(calls)), false),
      togetherSoon: (calls, onFault) =>
        this.#commit(() => outbox.togetherSoon(() => this.#perhapsFailing(calls), onFault), true),
      settle: (lease, ...words) => {
        this.#written.push(lease.message.id);
        if (this.fails([lease.message.id]) === 'at once') throw new Error('database or disk is full');
        return outbox.settle(lease, ...words);
      },
    };
    this.outlet.onSend = async (request) => {
      const { id } = request.message;
      const durationMs = this.durationMs(id);
      if (durationMs > 0) await sleep(this.clock, durationMs);
      this.#unwritten.add(id);
      this.mostUnwritten = Math.max(this.mostUnwritten, this.#unwritten.size);
      return [this.outlet.attempt(request, this.verdict(id))];
    };
    this.dispatcher = createDispatcher({
      outbox: this.outbox,
      clock: {
        now: () => this.clock.now(),
        monotonic: () => this.clock.monotonic(),
        after: (delayMs, run) => this.clock.after(delayMs + this.lateMs, run),
      },
      route: () => ({ outlet: this.outlet }),
      onRecorded: () => this.onRecorded(),
      onFault: (error) => this.faults.push(error),
    });
  }

  queue(count: number): void {
    const messages = Array.from({ length: count }, (_, index) => aMessage({ id: `message-${index + 1}` }));
    this.outbox.accept(messages, this.clock.now());
    this.dispatcher.wake();
  }

  get ids(): string[] {
    return this.outlet.sent.map(({ message }) => message.id);
  }

  status(id: string): string | undefined {
    return createDeliveryLog(this.store).find(id)?.recipients[0]?.status;
  }

  #perhapsFailing<Value>(calls: () => Value): Value {
    const value = calls();
    if (this.fails(this.#written) === 'at its end') throw new Error('database or disk is full');
    return value;
  }

  #commit<Value>(commit: () => Value, isLate: boolean): Value {
    this.#written = [];
    const value = commit();
    if (this.#written.length > 0) {
      this.groups.push(this.#written.length);
      this.late.push(isLate);
    }
    for (const id of this.#written) this.#unwritten.delete(id);
    return value;
  }
}

const firstOnly = (durationMs: number) => (id: string) => (id === 'message-1' ? durationMs : HANGS);

test('sends that end together are written down by one commit, which leases the next as well', async () => {
  const rig = new Rig();
  rig.queue(BACKLOG);
  await rig.clock.advance(10 * (BACKLOG / WORKERS));
  expect(rig.groups).toEqual(Array.from({ length: BACKLOG / WORKERS }, () => WORKERS));
  expect(new Set(rig.ids).size).toBe(BACKLOG);
});

test('a mail with nobody beside it is written down at once', async () => {
  const rig = new Rig();
  rig.queue(1);
  await rig.clock.advance(10);
  expect(rig.status('message-1')).toBe('accepted');
  expect(rig.late).toEqual([false]);
});

test('several that were taken may be on the disk a little later; one among them that was not is waited for', async () => {
  const rig = new Rig();
  rig.verdict = (id) => (id === 'message-8' ? 'retry' : 'accepted');
  rig.queue(BACKLOG);
  await rig.clock.advance(30);
  expect(rig.late).toEqual([true, false, true]);
});

test('a mail whose company is slow is written down at once', async () => {
  const rig = new Rig();
  rig.durationMs = (id) => (id === 'message-1' ? HANGS : 10);
  rig.queue(2);
  await rig.clock.advance(2010);
  expect(rig.status('message-2')).toBe('accepted');
});

test('a mail waits for others two milliseconds and no longer', async () => {
  const rig = new Rig();
  rig.durationMs = firstOnly(10);
  rig.queue(BACKLOG);
  await rig.clock.advance(11);
  expect(rig.status('message-1')).toBe('queued');
  await rig.clock.advance(1);
  expect(rig.status('message-1')).toBe('accepted');
});

/** The other four connections hang; on the first, `message-6` and `message-7` follow upon `message-1`. */
const ENDING: Readonly<Record<string, number>> = { 'message-1': 10, 'message-6': 10, 'message-7': 1000 };

test.each([
  { lateMs: 8, rule: 'a little late: the next mail waits for others as well', afterwards: 'queued' },
  {
    lateMs: 9,
    rule: 'too late: the process is busy, and the next mail waits for nobody',
    afterwards: 'accepted',
  },
])('a timer that comes $lateMs ms late is $rule', async ({ lateMs, afterwards }) => {
  const rig = new Rig();
  rig.lateMs = lateMs;
  rig.durationMs = (id) => ENDING[id] ?? HANGS;
  rig.queue(BACKLOG);
  await rig.clock.advance(10 + 2 + lateMs);
  expect(rig.status('message-1')).toBe('accepted');
  await rig.clock.advance(10);
  expect(rig.status('message-6')).toBe(afterwards);
});

test('a busy process gathers again after a second', async () => {
  const rig = new Rig();
  rig.lateMs = 9;
  rig.durationMs = (id) => ENDING[id] ?? HANGS;
  rig.queue(BACKLOG);
  await rig.clock.advance(10 + 11 + 10);
  rig.lateMs = 0;
  await rig.clock.advance(1001);
  expect(rig.status('message-7')).toBe('queued');
  await rig.clock.advance(2);
  expect(rig.status('message-7')).toBe('accepted');
});

test('a mail that waits to be written down keeps its place: no sixth is sent', async () => {
  const rig = new Rig();
  rig.durationMs = firstOnly(10);
  rig.queue(BACKLOG);
  await rig.clock.advance(11);
  rig.dispatcher.wake();
  await rig.clock.advance(0);
  expect(rig.ids).toHaveLength(WORKERS);
});

test('a look at the queue while what was written down is told lets no more workers in', async () => {
  const rig = new Rig();
  rig.onRecorded = () => rig.dispatcher.wake();
  rig.queue(2 * BACKLOG);
  await rig.clock.advance(50);
  expect(rig.outlet.mostInFlight).toBe(WORKERS);
});

test('whoever is told may fail: the worker goes on', async () => {
  const rig = new Rig();
  rig.onRecorded = () => {
    throw new Error('a fault');
  };
  rig.queue(3);
  await rig.clock.advance(30);
  expect(rig.ids).toHaveLength(3);
  expect(rig.faults).toHaveLength(3);
});

test('what was queued while the last worker ended is sent at once', async () => {
  const rig = new Rig();
  rig.onRecorded = () => {
    rig.onRecorded = () => {};
    rig.outbox.accept([aMessage({ id: 'later' })], rig.clock.now());
    rig.dispatcher.wake();
  };
  rig.queue(1);
  await rig.clock.advance(10);
  expect(rig.ids).toEqual(['message-1', 'later']);
});

test('what is wrong with one mail holds up none of those beside it', async () => {
  const rig = new Rig();
  rig.fails = ([id]) => (id === 'message-3' ? 'at once' : null);
  rig.queue(BACKLOG);
  await rig.clock.advance(10);
  expect(rig.status('message-1')).toBe('accepted');
  await rig.clock.advance(2 * MINUTE);
  expect(rig.ids).toHaveLength(BACKLOG);
  expect(rig.outbox.waiting('smtp')).toBe(1);
  rig.fails = () => null;
  await rig.clock.advance(5000);
  expect(rig.outbox.waiting('smtp')).toBe(0);
  expect(rig.ids).toHaveLength(BACKLOG);
});

test('what cannot be written down holds up no mail behind it', async () => {
  const rig = new Rig();
  rig.fails = ([id]) => (id === 'message-1' ? 'at once' : null);
  rig.queue(3);
  await rig.clock.advance(MINUTE + 20);
  expect(rig.ids).toEqual(['message-1', 'message-2', 'message-3']);
});

test.each(['at once', 'at its end'] as const)(
  'a full disk is waited for (%s): every mail is written down, and sent once',
  async (when) => {
    const rig = new Rig();
    rig.fails = (ids) => (ids.length > 0 ? when : null);
    rig.queue(BACKLOG);
    await rig.clock.advance(12_000);
    expect(rig.status('message-1')).toBe('queued');
    rig.fails = () => null;
    await rig.clock.advance(MINUTE);
    expect(rig.outbox.waiting('smtp')).toBe(0);
    expect(rig.ids.toSorted()).toEqual([...new Set(rig.ids)].toSorted());
  },
);

test('a stop writes down what has ended, without time passing, and leases nothing', async () => {
  const rig = new Rig();
  rig.durationMs = firstOnly(10);
  rig.queue(BACKLOG);
  await rig.clock.advance(11);
  void rig.dispatcher.stop();
  expect(rig.status('message-1')).toBe('accepted');
  await rig.clock.advance(0);
  expect(rig.ids).toHaveLength(WORKERS);
});

test('a stop tries once more what the disk did not take, and waits for no timer', async () => {
  const rig = new Rig();
  rig.fails = () => 'at once';
  rig.queue(2);
  await rig.clock.advance(1000);
  rig.fails = ([id]) => (id === 'message-1' ? null : 'at once');
  let isStopped = false;
  void rig.dispatcher.stop().then(() => {
    isStopped = true;
  });
  await rig.clock.advance(0);
  expect([isStopped, rig.status('message-1')]).toEqual([true, 'accepted']);
});

test('a stop does not wait for a disk that takes nothing', async () => {
  const rig = new Rig();
  rig.fails = () => 'at once';
  rig.queue(2);
  await rig.clock.advance(9);
  let isOver = false;
  void rig.dispatcher.stop().then(() => {
    isOver = true;
  });
  await rig.clock.advance(1);
  expect(isOver).toBe(true);
});

test('each mail is sent once, however long sends take and whenever the disk fails; few are unwritten at a time', async () => {
  const many = { minLength: 60, maxLength: 120 };
  const durations = fc.oneof(
    fc.array(fc.constantFrom(0, 1, 2, 3, 10, 100, 1999), many),
    fc.array(fc.constantFrom(0, 2, 10, 1999, 2001, 30_000), many),
  );
  const failures = fc.array(fc.constantFrom(null, null, null, 'at once', 'at its end'), { maxLength: 30 });
  const disks = fc.oneof(fc.constant([]), failures);
  await fc.assert(
    fc.asyncProperty(durations, disks, async (list, commits) => {
      const rig = new Rig();
      const left = [...commits];
      rig.durationMs = (id) => list[Number(id.slice('message-'.length)) - 1] ?? 0;
      rig.fails = (ids) => (ids.length === 0 ? null : (left.shift() ?? null));
      rig.queue(list.length);
      for (let turn = 0; turn < 200 && rig.outbox.waiting('smtp') > 0; turn++)
        await rig.clock.advance(MINUTE);
      expect(rig.outbox.waiting('smtp')).toBe(0);
      expect(rig.ids).toHaveLength(list.length);
      const isSmooth = commits.length === 0 && list.every((durationMs) => durationMs < 2000);
      expect(rig.mostUnwritten).toBeLessThanOrEqual(isSmooth ? WORKERS : MOST_WORKERS);
      await rig.dispatcher.stop();
      expect(rig.clock.pending).toBe(0);
    }),
    { numRuns: 25 },
  );
});
