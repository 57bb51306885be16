import { expect, test } from 'vitest';
import { createAcceptBatch } from '../../../relay/accept-batch.ts';
import type { Acceptance, Submission } from '../../../relay/store/relay-store.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const submission = (id: string): Submission => ({
  installationId: 'i',
  id,
  bodyHash: id,
  formerBodyHash: () => id,
  messages: [],
  mayAccept: () => null,
});

function rig(fails = false) {
  const clock = new FakeClock();
  const batches: string[][] = [];
  let told = 0;
  const batch = createAcceptBatch({
    store: {
      async accept(submissions): Promise<Acceptance[]> {
        batches.push(submissions.map((each) => each.id));
        if (fails) throw new Error('the disk is full');
        return submissions.map(() => ({ kind: 'accepted', acceptedAt: 0, repeated: false }));
      },
    },
    quotas: { messagesPerHour: 1, messagesPerRecipientPerHour: 1 },
    clock,
    onAccepted: () => (told += 1),
  });
  return { clock, batch, batches, told: () => told };
}

test('what has arrived together becomes one transaction, as soon as all of it was submitted', async () => {
  const { batch, batches, told } = rig();
  const [first, second, refused] = [batch.arriving(), batch.arriving(), batch.arriving()];
  const one = batch.submit(submission('1'));
  first();
  first();
  const two = batch.submit(submission('2'));
  second();
  expect(batches).toEqual([]);
  refused();
  await Promise.all([one, two]);
  expect([batches, told()]).toEqual([[['1', '2']], 1]);
});

test('one that takes long to arrive holds nobody up for more than 5 ms', async () => {
  const { clock, batch, batches } = rig();
  batch.arriving();
  const one = batch.submit(submission('1'));
  await clock.advance(4);
  expect(batches).toEqual([]);
  await clock.advance(1);
  await one;
  expect(batches).toEqual([['1']]);
});

test('a batch holds at most 64, and all of it is answered in order', async () => {
  const { batch, batches } = rig();
  const all = Array.from({ length: 130 }, (_, n) => batch.submit(submission(String(n))));
  await batch.drain();
  await Promise.all(all);
  expect(batches.map((each) => each.length)).toEqual([64, 64, 2]);
});

test('where nothing could be written, nobody is told that it was', async () => {
  const { batch, told } = rig(true);
  const one = batch.submit(submission('1'));
  const [answer] = await Promise.all([
    one.then(
      () => 'accepted',
      () => 'refused',
    ),
    batch.drain(),
  ]);
  expect(answer).toBe('refused');
  expect(told()).toBe(0);
});
