import { randomBytes } from 'node:crypto';
import type { Clock, Random } from '../../shared/model/clock.ts';

/** The computer's own clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    // setTimeout takes at most 2^31 - 1 ms; a longer wait wakes early, and whoever waits looks at the clock again.
    const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), 0x7fff_ffff));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  fraction: () => Math.random(),
  id: uuidV7,
};

/** RFC 9562 5.7: 48 bits of milliseconds, then version, variant and 74 random bits. */
function uuidV7(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.max(0, Math.floor(now)), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Keeps the process alive while a command waits on timers, which do not; call the result when it is done. */
export function holdProcess(): () => void {
  const timer = setInterval(() => {}, 0x7fff_ffff);
  return () => clearInterval(timer);
}
