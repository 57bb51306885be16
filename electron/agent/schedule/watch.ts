import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { ownAddresses } from '../platform/addresses.ts';
import { createPathWatcher } from '../platform/path-watcher.ts';
import type { Monitor } from './monitor.ts';
import { createPromptChecks } from './prompt-checks.ts';
import { startTicker } from './ticker.ts';
import { createWakeDetector } from './wake-detector.ts';

export interface WatchOptions {
  readonly settings: () => Settings;
  readonly monitor: Monitor;
  /** Takes in what was dropped into the folders of file alerts. */
  readonly takeIn: () => Promise<void>;
  readonly clock: Clock;
  readonly isMailWaiting: () => boolean;
  /** The computer woke up or came to a network: what waits may leave now. */
  readonly onWake: (why: 'resume' | 'network-up') => void;
  readonly onFault: (error: unknown) => void;
}

/** When to check: every interval, and at once where the system says that something has changed. */
export interface Watch {
  /** The settings were replaced: checks at once, and by the new interval from now on. */
  restart(): void;
  stop(): Promise<void>;
}

export function startWatch(options: WatchOptions): Watch {
  const { settings, monitor, clock, onFault } = options;
  const prompt = createPromptChecks({
    settings,
    clock,
    createWatcher: createPathWatcher,
    check: monitor.checkOnly,
    takeIn: options.takeIn,
    onFault,
  });
  const wake = createWakeDetector({
    clock,
    addresses: ownAddresses,
    isWaiting: options.isMailWaiting,
    onWake: options.onWake,
  });
  const run = async () => {
    wake.look();
    try {
      await monitor.check();
    } finally {
      await options.takeIn();
      prompt.refresh();
    }
  };
  const start = () =>
    startTicker({ clock, intervalMs: settings().installation.intervalSeconds * 1000, run, onFault });
  let ticker = start();
  return {
    restart() {
      void ticker.stop();
      ticker = start();
    },
    stop() {
      prompt.close();
      return ticker.stop();
    },
  };
}
