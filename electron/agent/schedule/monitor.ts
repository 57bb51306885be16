import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { AlertSettings, Settings } from '../../../shared/contract/settings.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import type { CancelTimer, Clock, Random } from '../../../shared/model/clock.ts';
import type { HeldStatus } from '../../../shared/model/status.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { MetricRequest, Sample } from '../../../shared/model/sample.ts';
import type { Collector } from '../collect/collector.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import { LATER_WINDOW_MS } from '../evaluate/grouping.ts';
import type { HeldStore } from '../record/held-store.ts';
import type { StateStore } from '../record/state-store.ts';
import { createAlertStates } from './alert-states.ts';
import { createDecider } from './decider.ts';
import { concernedBy, createMeasurements, distinctRequests, requestsOf } from './measurements.ts';
import { createPause, type PausedUntil } from './pause.ts';
import { createTeller } from './teller.ts';

export interface MonitorOptions {
  readonly settings: () => Settings;
  readonly collector: Collector;
  readonly store: Store;
  readonly states: StateStore;
  readonly held: HeldStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  /** The compose stage, loaded when the first mail is to be written. */
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** Told after mails have entered the outbox for good. */
  readonly onQueued: () => void;
  /** Takes mails that the disk does not take; the states that belong to them are kept until it does. */
  readonly keepInMemory?: (messages: readonly Message[], error: unknown) => void;
  /** Told of an exception while a late result was acted on; the next check decides anew. */
  readonly onFault: (error: unknown) => void;
  /**
   * Told what a check has measured, after it has decided; with nothing while it is paused. What comes late is told when
   * it comes.
   */
  readonly onMeasured?: (samples: readonly Sample[]) => void;
}

/** What an alert was last found to be. */
export interface AlertView {
  readonly alert: AlertSettings;
  readonly state: AlertState;
  readonly samples: readonly (Sample | null)[];
}

/** The stages collect, evaluate, compose and outbox, once around. */
export interface Monitor {
  /** Measures everything that some condition needs and acts on it. Results that take long are acted on as they come. */
  check(): Promise<void>;
  /** Measures only these, and acts on the alerts that ask for them: something said that they have changed. */
  checkOnly(requests: readonly MetricRequest[]): Promise<void>;
  lastCheckAt(): number | null;
  alerts(): AlertView[];
  /** Changes what is remembered about an alert, whatever the case of its name. `change` gives null for "does not apply". */
  change(
    name: string,
    change: (state: AlertState) => AlertState | null,
  ): Promise<'done' | 'not-found' | 'not-firing'>;
  /** What waits to be told; null where nothing does. */
  held(): HeldStatus | null;
  pausedUntil(): PausedUntil;
  setPausedUntil(until: PausedUntil): void;
  /** The settings were replaced: forgets alerts that are gone, and measurements of what is no longer watched. */
  settingsChanged(): Promise<void>;
  /** Ends the timer of what is held; that leaves after the next start. */
  stop(): void;
}

/** After a failure, what is held is looked at again this much later. */
const AFTER_FAULT_MS = 30_000;

export function createMonitor(options: MonitorOptions): Monitor {
  const { clock } = options;
  const pause = createPause(options.states, clock);
  const measurements = createMeasurements(options.collector, clock);
  const states = createAlertStates(options.states, () => options.settings().alerts, clock);
  const teller = createTeller(options.held);
  const decider = createDecider({
    ...options,
    keepInMemory: options.keepInMemory,
    saved: options.states,
    states,
    teller,
    reading: measurements.reading,
  });
  let lastCheckAt: number | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let cancel: CancelTimer = () => {};
  let isStopped = false;

  /** One decision at a time, so that what one has read is not changed by another before it has written. */
  const serially = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  const isPaused = () => pause.until() !== null;
  const enabledAlerts = () => options.settings().alerts.filter((alert) => alert.enabled);

  const decide = async (alerts: readonly AlertSettings[]) => {
    try {
      await serially(() => decider.decide(alerts));
    } finally {
      wakeForHeld(0);
    }
  };

  /** What is held leaves at its time, though no check is near; also while monitoring is paused, for it was decided before. */
  const tellHeld = () => {
    serially(decider.tellHeld).then(
      () => wakeForHeld(0),
      (error: unknown) => {
        wakeForHeld(AFTER_FAULT_MS);
        options.onFault(error);
      },
    );
  };

  const wakeForHeld = (leastMs: number) => {
    cancel();
    const now = clock.now();
    const nextAt = teller.nextAt(now);
    if (nextAt === null || isStopped) return;
    // A clock that is set back in between must not make the wait longer than any wait is.
    cancel = clock.after(Math.min(Math.max(leastMs, nextAt - now), LATER_WINDOW_MS), tellHeld);
  };

  const arrivedLate = async (sample: Sample) => {
    if (!isPaused()) await decide(concernedBy([sample.request], enabledAlerts()));
    options.onMeasured?.([sample]);
  };

  const act = async (alerts: readonly AlertSettings[], requests: readonly MetricRequest[]) => {
    if (isPaused()) {
      options.onMeasured?.([]);
      return;
    }
    const { prompt, late } = await measurements.take(requests);
    await decide(alerts);
    options.onMeasured?.(prompt);
    for (const sample of late) void sample.then(arrivedLate).catch(options.onFault);
  };

  wakeForHeld(0);
  return {
    async check() {
      const alerts = enabledAlerts();
      await act(alerts, distinctRequests(alerts));
      if (!isPaused()) lastCheckAt = clock.now();
    },
    checkOnly: (requests) => act(concernedBy(requests, enabledAlerts()), requests),
    lastCheckAt: () => lastCheckAt,
    alerts: () =>
      options.settings().alerts.map((alert) => ({
        alert,
        state: states.of(alert),
        samples: requestsOf(alert).map(measurements.sample),
      })),
    change: (name, change) =>
      serially(async () => {
        const wanted = name.trim().toLowerCase();
        const alert = options.settings().alerts.find((entry) => entry.name.toLowerCase() === wanted);
        if (!alert) return 'not-found';
        const state = change(states.of(alert));
        if (state === null) return 'not-firing';
        options.states.saveAlert(alert, state);
        states.set(alert, state);
        return 'done';
      }),
    held: () => teller.held(clock.now()),
    pausedUntil: pause.until,
    setPausedUntil: pause.set,
    settingsChanged: () =>
      serially(async () => {
        states.settingsChanged();
        measurements.keepOnly(distinctRequests(enabledAlerts()));
      }),
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
