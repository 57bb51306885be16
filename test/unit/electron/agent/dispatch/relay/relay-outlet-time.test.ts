import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../../../mail/platform/clock.ts';
import type { Clock } from '../../../../../../shared/model/clock.ts';
import type { Attempt } from '../../../../../../shared/model/delivery.ts';
import { fastClock } from '../../../../../fakes/fast-clock.ts';
import { accepts, refusal, scriptedRelay } from '../../../../../fakes/scripted-relay.ts';

import { rigFor, said } from '../../../../../fakes/relay-outlet-rig.ts';

async function until(holds: () => boolean, withinMs = 8000): Promise<number> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > withinMs) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - began;
}

describe('time', () => {
  test('a clock that is an hour off: the service tells its time, and the call goes through at once', async () => {
    const skewed: Clock = { ...systemClock, now: () => systemClock.now() - 3_600_000 };
    const right = (call: { headers: Record<string, unknown> }) => {
      const created = Number(/created=(\d+)/.exec(String(call.headers['signature-input']))?.[1]) * 1000;
      return Math.abs(created - Date.now()) < 300_000;
    };
    const relay = await scriptedRelay([
      (call) =>
        right(call) ? accepts(call) : refusal(401, 'clock_skew', { serverTime: new Date().toISOString() }),
    ]);
    const { send } = rigFor(relay.url, { clock: skewed });
    expect(said(await send({ id: 'one' }))).toEqual(['accepted - accepted']);
    expect(said(await send({ id: 'two' }))).toEqual(['accepted - accepted']);
    // Remembered: the second message needs no second try.
    expect(relay.submissions().map(({ key }) => key)).toEqual(['one', 'one', 'two']);
  });

  test('a service that calls every time wrong is asked twice, not for ever', async () => {
    const relay = await scriptedRelay([refusal(401, 'clock_skew', { serverTime: '2026-01-05T08:00:00Z' })]);
    const { outlet, send } = rigFor(relay.url);
    expect(said(await send())).toEqual(['auth relay_refused_clock_skew retry']);
    expect(relay.submissions()).toHaveLength(2);
    expect(outlet.health()[0]?.state).toBe('paused');
  });

  test('a message over its quota is not offered before its time; others are', async () => {
    const relay = await scriptedRelay([
      refusal(429, 'quota_exceeded', {}, { 'retry-after': '3600' }),
      accepts,
    ]);
    const { send } = rigFor(relay.url);
    await send({ id: 'over' });
    const [held] = await send({ id: 'over' });
    expect(said([held as Attempt])).toEqual(['route relay_refused_quota_exceeded retry']);
    expect(held?.reason).toContain('the service said to wait until');
    expect(said(await send({ id: 'other' }))).toEqual(['accepted - accepted']);
    expect(relay.submissions().map(({ key }) => key)).toEqual(['over', 'other']);
  });
});

describe('a service that comes back', () => {
  test('is noticed within the 5 s of a probe while mail waits', { timeout: 15_000 }, async () => {
    const first = await scriptedRelay(['cut']);
    const faster = 10;
    const { outlet, send, revived } = rigFor(first.url, { clock: fastClock(faster), wholeMs: faster * 4000 });
    first.healthy = false;
    await send();
    outlet.setWaiting(true);
    await until(() => first.calls.some(({ path }) => path === '/healthz'));
    expect(outlet.available(null)).toBe(false);
    first.healthy = true;
    first.answers = [accepts];
    // The one after it would come after 10 s.
    expect(faster * (await until(() => revived() === 1))).toBeLessThan(8000);
    expect(said(await send())).toEqual(['accepted - accepted']);
  });

  test('another call that is answered shows it as well, and no mail has to wait for that', async () => {
    const relay = await scriptedRelay([{ status: 302, text: '' }]);
    const { outlet, send, revived } = rigFor(relay.url);
    await send();
    expect(outlet.available(null)).toBe(false);
    outlet.note({ kind: 'ok', status: 200, body: {}, marks: [] });
    expect([outlet.available(null), revived()]).toEqual([true, 1]);
  });

  test('one that is not ready is left alone until the time it named', async () => {
    const relay = await scriptedRelay([refusal(503, 'not_ready', {}, { 'retry-after': '3600' })]);
    const { outlet, send } = rigFor(relay.url);
    await send();
    outlet.setWaiting(true);
    outlet.note({ kind: 'ok', status: 200, body: {}, marks: [] });
    expect(outlet.available(null)).toBe(false);
    outlet.reset();
    expect(outlet.available(null)).toBe(true);
  });
});
