import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import { isDiskFailure } from '../../../mail/store-failure.ts';
import type { AlertSettings, Settings } from '../../../shared/contract/settings.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import { type Clock, type Random, sleep } from '../../../shared/model/clock.ts';
import type { Message } from '../../../shared/model/message.ts';
import {
  type MetricRequest,
  type Reading,
  requestKey,
  type Sample,
  unknown,
} from '../../../shared/model/sample.ts';
import type { Collector } from '../collect/collector.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import { alertNotice, unknownNotice } from '../compose/notices.ts';
import { type Evaluation, evaluateAlert, initialAlertState } from '../evaluate/alert.ts';
import { openWindow } from './maintenance.ts';
import { carryOver, type StateStore } from '../record/state-store.ts';
import { createPause, type PausedUntil } from './pause.ts';

export interface MonitorOptions {
  readonly settings: () => Settings;
  readonly collector: Collector;
  readonly store: Store;
  readonly states: StateStore;
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
  pausedUntil(): PausedUntil;
  setPausedUntil(until: PausedUntil): void;
  /** The settings were replaced: forgets alerts that are gone, and measurements of what is no longer watched. */
  settingsChanged(): Promise<void>;
}

interface Decision {
  readonly alert: AlertSettings;
  readonly previous: AlertState;
  readonly readings: readonly Reading[];
  readonly evaluation: Evaluation;
}

/** So many alerts that have something to say are written down in one go. */
const EVENTS_AT_ONCE = 10;

/** For so long a check waits for ports and the like before it decides with what it has. */
const PROMPT_MS = 250;

export function createMonitor(options: MonitorOptions): Monitor {
  const { clock, states } = options;
  const latest = new Map<string, Sample>();
  /** With the settings under which each was found: they are what its conditions' positions mean. */
  const current = new Map<string, { readonly alert: AlertSettings; readonly state: AlertState }>();
  /** Alerts whose state the disk has not taken. */
  const unsaved = new Set<string>();
  const pause = createPause(states, clock);
  let lastCheckAt: number | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  /** One decision at a time, so that what one has read is not changed by another before it has written. */
  const serially = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  const stateOf = (alert: AlertSettings): AlertState => {
    const known = current.get(alert.name);
    if (known) return known.alert === alert ? known.state : carryOver(known.alert, known.state, alert);
    return states.alert(alert) ?? initialAlertState(alert, clock.now());
  };

  const activeAlerts = () => options.settings().alerts.filter((alert) => alert.enabled);

  const check = async () => {
    const alerts = activeAlerts();
    await act(alerts, distinctRequests(alerts));
    if (!isPaused()) lastCheckAt = clock.now();
  };

  const act = async (alerts: readonly AlertSettings[], requests: readonly MetricRequest[]) => {
    if (isPaused()) {
      options.onMeasured?.([]);
      return;
    }
    const { ready, pending } = options.collector.measure(requests);
    const prompt = [...ready];
    for (const sample of ready) keep(sample);
    const late = await settleWithin(pending, clock, (sample) => {
      keep(sample);
      prompt.push(sample);
    });
    await serially(() => decide(alerts));
    options.onMeasured?.(prompt);
    for (const sample of late) void sample.then(arrivedLate).catch(options.onFault);
  };

  const concernedBy = (requests: readonly MetricRequest[]) => {
    const keys = new Set(requests.map(requestKey));
    return activeAlerts().filter((alert) =>
      requestsOf(alert).some((request) => keys.has(requestKey(request))),
    );
  };

  const keep = (sample: Sample) => latest.set(requestKey(sample.request), sample);

  const arrivedLate = async (sample: Sample) => {
    keep(sample);
    if (!isPaused()) await serially(() => decide(concernedBy([sample.request])));
    options.onMeasured?.([sample]);
  };

  /**
   * Evaluates these alerts and writes down what follows: the new state of each with its mails, in one transaction. What
   * is in memory follows only then, so that a write that fails leaves everything to be decided again. Where the disk
   * takes nothing, memory takes both until it does.
   */
  const decide = async (asked: readonly AlertSettings[]) => {
    const now = clock.now();
    // The settings may have been replaced since: what stands in them no longer tells nobody anything.
    const inForce = new Set(options.settings().alerts);
    const alerts = asked.filter((alert) => inForce.has(alert));
    const quiet = openWindow(options.settings().maintenance, now) !== null;
    const decisions = alerts.map((alert) => {
      const readings = requestsOf(alert).map(readingOf);
      const previous = stateOf(alert);
      const evaluation = evaluateAlert(alert, previous, readings, {
        now,
        longestStepMs: longestStepMs(),
        quiet,
        newIncidentId: () => options.random.id(now),
      });
      return { alert, previous, readings, evaluation };
    });
    const next = new Map(decisions.map(({ alert, evaluation }) => [alert.name, evaluation.state]));
    const eventful = decisions.filter(isEventful);
    const composer = eventful.length > 0 ? await options.composer() : null;
    for (let done = 0; done < eventful.length; done += EVENTS_AT_ONCE) {
      // The first mails leave, and calls are answered, while there are more to be written.
      if (done > 0) await sleep(clock, 0);
      writeDown(eventful.slice(done, done + EVENTS_AT_ONCE), next, composer);
    }
    const others = decisions.filter((decision) => !isEventful(decision));
    writeDown(others, next, null);
  };

  const writeDown = (
    decided: readonly Decision[],
    next: Map<string, AlertState>,
    composer: Composer | null,
  ) => {
    const inForce = new Set(options.settings().alerts);
    const decisions = decided.filter(({ alert }) => inForce.has(alert));
    const messages = composer === null ? [] : compose(decisions, next, composer);
    const changed = decisions.filter(
      ({ alert, previous }) =>
        unsaved.has(alert.name) || isWorthSaving(previous, next.get(alert.name) ?? previous),
    );
    if (changed.length > 0 || messages.length > 0) save(changed, next, messages);
    for (const { alert } of decisions) {
      const state = next.get(alert.name);
      if (state) current.set(alert.name, { alert, state });
    }
    if (messages.length > 0) options.onQueued();
  };

  /** All of it in one transaction. A disk that takes nothing keeps nobody from being told. */
  const save = (
    changed: readonly Decision[],
    next: ReadonlyMap<string, AlertState>,
    messages: readonly Message[],
  ) => {
    try {
      options.store.transaction(() => {
        for (const { alert, previous } of changed) states.saveAlert(alert, next.get(alert.name) ?? previous);
        options.outbox.accept(messages, clock.now());
      });
      for (const { alert } of changed) unsaved.delete(alert.name);
    } catch (error) {
      if (options.keepInMemory === undefined || !isDiskFailure(error)) throw error;
      options.keepInMemory(messages, error);
      for (const { alert } of changed) unsaved.add(alert.name);
    }
  };

  /**
   * The mails of some decisions. The first mail of an incident enters its state: the later ones refer to it (B15). An
   * alert whose mail cannot be written is taken out of `next`, so that it is decided again and holds no other up.
   */
  const compose = (
    decisions: readonly Decision[],
    next: Map<string, AlertState>,
    composer: Composer,
  ): Message[] => {
    const context = options.composeContext();
    const all = activeAlerts().map((alert) => ({ alert, state: next.get(alert.name) ?? stateOf(alert) }));
    const write = ({ alert, readings, evaluation }: Decision) => {
      const messages: Message[] = [];
      if (evaluation.event !== null) {
        const others = all.filter((other) => other.alert.name !== alert.name);
        messages.push(...composer.alert(alertNotice(alert, evaluation, readings, others), context));
        const first = messages.find((message) => message.channel === 'email');
        const { state } = evaluation;
        if (state.phase === 'firing' && state.rootMessageId === null && first) {
          next.set(alert.name, { ...state, rootMessageId: first.messageId });
        }
      }
      if (evaluation.unknownToTell.length > 0) {
        const administrators = options.settings().profile.emails;
        const notice = unknownNotice(alert, evaluation.unknownToTell, readings, administrators, context);
        messages.push(...composer.notice(notice, context));
      }
      return messages;
    };
    return decisions.flatMap((decision) => {
      try {
        return write(decision);
      } catch (error) {
        next.delete(decision.alert.name);
        options.onFault(error);
        return [];
      }
    });
  };

  const readingOf = (request: MetricRequest): Reading => {
    const sample = latest.get(requestKey(request));
    if (!sample) return unknown('being measured for the first time');
    const ageMs = clock.now() - sample.at;
    return ageMs > longestStepMs() + (sample.goodForMs ?? 0)
      ? unknown('the measurement has not come back yet')
      : sample.reading;
  };

  const longestStepMs = () => options.settings().installation.intervalSeconds * 2000 + 5000;

  const isPaused = () => pause.until() !== null;

  return {
    check,
    checkOnly: (requests) => act(concernedBy(requests), requests),
    lastCheckAt: () => lastCheckAt,
    alerts: () =>
      options.settings().alerts.map((alert) => ({
        alert,
        state: stateOf(alert),
        samples: requestsOf(alert).map((request) => latest.get(requestKey(request)) ?? null),
      })),
    change: (name, change) =>
      serially(async () => {
        const wanted = name.trim().toLowerCase();
        const alert = options.settings().alerts.find((entry) => entry.name.toLowerCase() === wanted);
        if (!alert) return 'not-found';
        const state = change(stateOf(alert));
        if (state === null) return 'not-firing';
        states.saveAlert(alert, state);
        current.set(alert.name, { alert, state });
        return 'done';
      }),
    pausedUntil: pause.until,
    setPausedUntil: pause.set,
    settingsChanged: () =>
      serially(async () => {
        const alerts = activeAlerts();
        states.keepAlerts(alerts.map((alert) => alert.name));
        for (const alert of alerts.filter(({ name }) => current.has(name))) {
          const state = stateOf(alert);
          if (isWorthSaving(null, state)) states.saveAlert(alert, state);
        }
        current.clear();
        unsaved.clear();
        const wanted = new Set(distinctRequests(alerts).map(requestKey));
        for (const key of latest.keys()) if (!wanted.has(key)) latest.delete(key);
      }),
  };
}

function isEventful({ evaluation }: Decision): boolean {
  return evaluation.event !== null || evaluation.unknownToTell.length > 0;
}

function requestsOf(alert: AlertSettings): MetricRequest[] {
  return alert.conditions.map(({ metric, target }) => ({ metric, target: target ?? null }));
}

function distinctRequests(alerts: readonly AlertSettings[]): MetricRequest[] {
  const requests = new Map(alerts.flatMap(requestsOf).map((request) => [requestKey(request), request]));
  return [...requests.values()];
}

/** Waits for all, but not longer than PROMPT_MS; returns those that are still on their way. */
async function settleWithin(
  pending: readonly Promise<Sample>[],
  clock: Clock,
  keep: (sample: Sample) => void,
): Promise<readonly Promise<Sample>[]> {
  if (pending.length === 0) return [];
  const late = new Set(pending);
  const arrivals = pending.map(async (sample) => {
    keep(await sample);
    late.delete(sample);
  });
  await Promise.race([Promise.allSettled(arrivals), sleep(clock, PROMPT_MS)]);
  return [...late];
}

/** Times of checks alone are not worth a write; a hold time that runs is, so that a restart does not begin it anew. */
function isWorthSaving(before: AlertState | null, after: AlertState): boolean {
  if (before === null) return after.phase !== 'ok';
  if (after.phase === 'pending') return true;
  const { checkedAt: _, conditions, ...rest } = after;
  const keys = Object.keys(rest) as (keyof typeof rest)[];
  return keys.some((key) => rest[key] !== before[key]) || haveChanged(before.conditions, conditions);
}

function haveChanged(before: AlertState['conditions'], after: AlertState['conditions']): boolean {
  return (
    before.length !== after.length ||
    after.some((condition, position) => {
      const earlier = before[position];
      return (
        condition.phase !== earlier?.phase ||
        condition.metSince !== earlier.metSince ||
        condition.unknownTold !== earlier.unknownTold
      );
    })
  );
}
