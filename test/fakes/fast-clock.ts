import { systemClock } from '../../mail/platform/clock.ts';
import type { Clock } from '../../shared/model/clock.ts';

/**
 * The computer's clock, on which time passes so many times as fast: for waits of seconds between real sockets. Those are
 * as slow as ever, so whatever limits them has to be so many times as long.
 */
export function fastClock(factor: number): Clock {
  const originMs = systemClock.monotonic();
  const startMs = systemClock.now();
  const goneMs = () => (systemClock.monotonic() - originMs) * factor;
  return {
    now: () => Math.round(startMs + goneMs()),
    monotonic: goneMs,
    after: (delayMs, run) => systemClock.after(delayMs / factor, run),
  };
}
