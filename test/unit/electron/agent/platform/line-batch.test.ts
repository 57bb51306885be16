import { expect, test } from 'vitest';
import { inBatches } from '../../../../../electron/agent/platform/line-batch.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

test('lines of one moment are one write at once; a stream of them is a write every 20 ms, in order and whole', async () => {
  const clock = new FakeClock(0);
  const written: string[] = [];
  const line = inBatches((lines) => written.push(lines), clock);

  line('a');
  line('b');
  expect(written).toEqual([]);
  await Promise.resolve();
  expect(written).toEqual(['ab']);

  await clock.advance(5);
  line('c');
  await clock.advance(14);
  line('d');
  expect(written).toEqual(['ab']);
  await clock.advance(1);
  expect(written).toEqual(['ab', 'cd']);

  await clock.advance(20);
  line('e');
  await Promise.resolve();
  expect(written).toEqual(['ab', 'cd', 'e']);
});
