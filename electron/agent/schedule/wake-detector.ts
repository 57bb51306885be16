import type { Clock } from '../../../shared/model/clock.ts';

export interface WakeDetectorOptions {
  readonly clock: Clock;
  /** The addresses by which this computer is on a network, loopback left out. */
  readonly addresses: () => readonly string[];
  /** Whether mail waits: only then is the network worth a look. */
  readonly isWaiting: () => boolean;
  readonly onWake: (why: 'resume' | 'network-up') => void;
}

/**
 * Notices, at each regular check, that the computer has slept or come to a network: what waits is then tried at once
 * (B1). The desktop app is told of both by the system; headless, they show in the clocks and the addresses.
 */
export interface WakeDetector {
  look(): void;
}

/** More than checks drift apart, less than a sleep that matters. */
const JUMP_MS = 15_000;

export function createWakeDetector(options: WakeDetectorOptions): WakeDetector {
  const { clock } = options;
  let offsetMs = clock.now() - clock.monotonic();
  let known: ReadonlySet<string> | null = null;

  const slept = () => {
    // Sleep stops the monotonic clock (CLOCK_MONOTONIC, clock_gettime(2)) and not the wall clock. A wall clock that
    // was set forward looks the same, and costs one try too early.
    const before = offsetMs;
    offsetMs = clock.now() - clock.monotonic();
    return offsetMs - before > JUMP_MS;
  };

  const cameToNetwork = () => {
    if (!options.isWaiting()) {
      known = null;
      return false;
    }
    const before = known;
    known = new Set(options.addresses());
    return before !== null && [...known].some((address) => !before.has(address));
  };

  return {
    look() {
      const resumed = slept();
      const connected = cameToNetwork();
      if (resumed) options.onWake('resume');
      else if (connected) options.onWake('network-up');
    },
  };
}
