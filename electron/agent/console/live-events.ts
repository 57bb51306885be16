import type { EventName, PayloadOf, SignIn, TestStage } from '../../../shared/contract/ipc.ts';
import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';
import type { AgentStatus } from '../../../shared/model/status.ts';

/** One event with what comes along. */
export type LiveEvent = {
  readonly [Name in EventName]: { readonly event: Name; readonly payload: PayloadOf<Name> };
}[EventName];

/** What the parts of the agent tell of; the pages that are open hear of it. */
export interface LiveEvents {
  /**
   * The status may be another now; of `mail`, the delivery log as well. Cheap where nobody listens.
   */
  changed(what: 'status' | 'mail'): void;
  settingsChanged(): void;
  testStage(testId: string, stage: TestStage): void;
  signIn(signIn: SignIn): void;
  /** What a page that comes now has to know. */
  greeting(): LiveEvent;
  /** Tells every event until the function that is returned is called. */
  listen(listener: (event: LiveEvent) => void): () => void;
  stop(): void;
}

export interface LiveEventsOptions {
  readonly clock: Clock;
  readonly status: () => AgentStatus;
  readonly newestMessageId: () => string | null;
  readonly settingsRevision: () => string;
  readonly onFault: (error: unknown) => void;
}

/** Status and log are told at most so often: a burst of mails is one change to people. */
const SPACING_MS = 1000;

export function createLiveEvents(options: LiveEventsOptions): LiveEvents {
  const { clock } = options;
  const listeners = new Set<(event: LiveEvent) => void>();

  const tell = (event: LiveEvent) => {
    for (const listener of listeners) listener(event);
  };
  const greeting = (): LiveEvent => ({ event: 'status.changed', payload: options.status() });
  const spaced = {
    status: spacedOut(clock, () => tell(greeting()), options.onFault),
    log: spacedOut(
      clock,
      () => tell({ event: 'log.changed', payload: { newest: options.newestMessageId() } }),
      options.onFault,
    ),
  };

  return {
    changed(what) {
      if (listeners.size === 0) return;
      spaced.status.ask();
      if (what === 'mail') spaced.log.ask();
    },
    settingsChanged() {
      tell({ event: 'settings.changed', payload: { revision: options.settingsRevision() } });
      if (listeners.size > 0) spaced.status.ask();
    },
    signIn(signIn) {
      tell({ event: 'oauth.changed', payload: signIn });
      if (listeners.size > 0) spaced.status.ask();
    },
    testStage: (testId, stage) => tell({ event: 'test.stage', payload: { testId, stage } }),
    greeting,
    listen(listener) {
      const own = (event: LiveEvent) => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    stop() {
      listeners.clear();
      spaced.status.cancel();
      spaced.log.cancel();
    },
  };
}

/** Runs at once when asked after a pause; what is asked for in between runs once when the pause is over. */
function spacedOut(clock: Clock, run: () => void, onFault: (error: unknown) => void) {
  let lastMs = Number.NEGATIVE_INFINITY;
  let cancel: CancelTimer | null = null;
  const now = () => {
    cancel = null;
    lastMs = clock.monotonic();
    try {
      run();
    } catch (error) {
      onFault(error);
    }
  };
  return {
    ask() {
      if (cancel !== null) return;
      // Never within the call: whoever tells of a change is in the middle of it.
      cancel = clock.after(Math.max(0, lastMs + SPACING_MS - clock.monotonic()), now);
    },
    cancel() {
      cancel?.();
      cancel = null;
    },
  };
}
