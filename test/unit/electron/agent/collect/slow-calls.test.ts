import { expect, test } from 'vitest';
import { SlowCalls } from '../../../../../electron/agent/collect/slow-calls.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

const hang = () => new Promise<never>(() => undefined);

/** What a call ends with: its value or the message of its failure. */
function outcome<T>(call: Promise<T>): Promise<unknown> {
  return call.catch((error: unknown) => (error instanceof Error ? error.message : error));
}

test('a call that hangs is given up after 5 seconds, and joined by the next, not repeated', async () => {
  const clock = new FakeClock();
  const calls = new SlowCalls(clock);
  let started = 0;
  const call = () => {
    started += 1;
    return hang();
  };
  const first = outcome(calls.run('nfs', call));
  await clock.advance(5_000);
  expect(await first).toBe('no answer within 5 s');
  const second = outcome(calls.run('nfs', call));
  await clock.advance(5_000);
  expect(await second).toBe('no answer within 5 s');
  expect(started).toBe(1);
});

test('two hang at the most; others wait their turn within their own deadline', async () => {
  const clock = new FakeClock();
  const calls = new SlowCalls(clock);
  let release: (value: string) => void = () => undefined;
  const first = calls.run('a', () => new Promise<string>((resolve) => (release = resolve)));
  const hung = outcome(calls.run('b', hang));
  let thirdStarted = false;
  const third = calls.run('c', () => {
    thirdStarted = true;
    return Promise.resolve('c');
  });
  await clock.advance(1_000);
  expect(thirdStarted).toBe(false);
  release('a');
  expect(await first).toBe('a');
  expect(await third).toBe('c');
  await clock.advance(5_000);
  expect(await hung).toBe('no answer within 5 s');
});

test('a call that failed may be tried again', async () => {
  const calls = new SlowCalls(new FakeClock());
  await expect(calls.run('x', () => Promise.reject(new Error('stale')))).rejects.toThrow('stale');
  expect(await calls.run('x', () => Promise.resolve(1))).toBe(1);
});
