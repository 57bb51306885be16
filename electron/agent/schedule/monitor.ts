import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
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
import type { StateStore } from '../record/state-store.ts';

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
  lastCheckAt(): number | null;
  alerts(): AlertView[];
  /** Changes what is remembered about an alert, whatever the case of its name. `change` gives null for "does not apply". */
  change(
    name: string,
    change: (state: AlertState) => AlertState | null,
  ): Promise<'done' | 'not-found' | 'not-firing'>;
  pausedUntil(): number | 'forever' | null;
  setPausedUntil(until: number | 'forever' | null): void;
  /** The settings were replaced: forgets alerts that are gone, and measurements of what is no longer watched. */
  settingsChanged(): Promise<void>;
}

interface Decision {
  readonly alert: AlertSettings;
  readonly readings: readonly Reading[];
  readonly evaluation: Evaluation;
}

/** For so long a check waits for ports and the like before it decides with what it has. */
const PROMPT_MS = 250;

export function createMonitor(options: MonitorOptions): Monitor {
  const { clock, states } = options;
  const latest = new Map<string, Sample>();
  const current = new Map<string, AlertState>();
  let lastCheckAt: number | null = null;
  let paused = states.pausedUntil();
  let queue: Promise<unknown> = Promise.resolve();

  /** One decision at a time, so that what one has read is not changed by another before it has written. */
  const serially = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  const stateOf = (alert: AlertSettings): AlertState => {
    const known = current.get(alert.name) ?? states.alert(alert);
    return known ?? initialAlertState(alert, clock.now());
  };

  const activeAlerts = () => options.settings().alerts.filter((alert) => alert.enabled);

  const check = async () => {
    if (isPaused()) return options.onMeasured?.([]);
    const alerts = activeAlerts();
    const { ready, pending } = options.collector.measure(distinctRequests(alerts));
    const prompt = [...ready];
    for (const sample of ready) keep(sample);
    const late = await settleWithin(pending, clock, (sample) => {
      keep(sample);
      prompt.push(sample);
    });
    await serially(() => decide(alerts));
    lastCheckAt = clock.now();
    options.onMeasured?.(prompt);
    for (const sample of late) void sample.then(arrivedLate).catch(options.onFault);
  };

  const keep = (sample: Sample) => latest.set(requestKey(sample.request), sample);

  const arrivedLate = async (sample: Sample) => {
    keep(sample);
    const key = requestKey(sample.request);
    const concerned = activeAlerts().filter((alert) =>
      requestsOf(alert).some((request) => requestKey(request) === key),
    );
    if (!isPaused()) await serially(() => decide(concerned));
    options.onMeasured?.([sample]);
  };

  /**
   * Evaluates these alerts and writes down what follows: new states and their mails, in one transaction. What is in
   * memory follows only then, so that a write that fails leaves everything to be decided again.
   */
  const decide = async (alerts: readonly AlertSettings[]) => {
    const now = clock.now();
    const decisions = alerts.map((alert) => {
      const readings = requestsOf(alert).map(readingOf);
      const previous = stateOf(alert);
      const evaluation = evaluateAlert(alert, previous, readings, {
        now,
        longestStepMs: longestStepMs(),
        newIncidentId: () => options.random.id(now),
      });
      return { alert, previous, readings, evaluation };
    });
    const eventful = decisions.filter(
      ({ evaluation }) => evaluation.event !== null || evaluation.unknownToTell.length > 0,
    );
    const next = new Map(decisions.map(({ alert, evaluation }) => [alert.name, evaluation.state]));
    const messages = eventful.length > 0 ? compose(eventful, next, await options.composer()) : [];
    const changed = decisions.filter(({ alert, previous }) =>
      isWorthSaving(previous, next.get(alert.name) ?? previous),
    );
    if (changed.length > 0 || messages.length > 0) {
      options.store.transaction(() => {
        for (const { alert, previous } of changed) states.saveAlert(alert, next.get(alert.name) ?? previous);
        options.outbox.accept(messages, now);
      });
    }
    for (const [name, state] of next) current.set(name, state);
    if (messages.length > 0) options.onQueued();
  };

  /** The mails of some decisions. The first mail of an incident enters its state: the later ones refer to it (B15). */
  const compose = (
    decisions: readonly Decision[],
    next: Map<string, AlertState>,
    composer: Composer,
  ): Message[] => {
    const context = options.composeContext();
    const all = activeAlerts().map((alert) => ({ alert, state: next.get(alert.name) ?? stateOf(alert) }));
    return decisions.flatMap(({ alert, readings, evaluation }) => {
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
    });
  };

  const readingOf = (request: MetricRequest): Reading => {
    const sample = latest.get(requestKey(request));
    if (!sample) return unknown('is being measured for the first time');
    const ageMs = clock.now() - sample.at;
    return ageMs > longestStepMs() ? unknown('the measurement has not come back yet') : sample.reading;
  };

  const longestStepMs = () => options.settings().installation.intervalSeconds * 2000 + 5000;

  const isPaused = () => {
    if (paused !== null && paused !== 'forever' && clock.now() >= paused) setPausedUntil(null);
    return paused !== null;
  };

  const setPausedUntil = (until: number | 'forever' | null) => {
    paused = until;
    states.savePausedUntil(until);
  };

  return {
    check,
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
        current.set(alert.name, state);
        return 'done';
      }),
    pausedUntil: () => (isPaused() ? paused : null),
    setPausedUntil,
    settingsChanged: () =>
      serially(async () => {
        const alerts = activeAlerts();
        states.keepAlerts(alerts.map((alert) => alert.name));
        for (const [name, state] of current) {
          const alert = alerts.find((entry) => entry.name === name);
          if (alert && isWorthSaving(null, state)) states.saveAlert(alert, state);
        }
        // Read anew from the store, which drops what belonged to conditions that were changed.
        current.clear();
        const wanted = new Set(distinctRequests(alerts).map(requestKey));
        for (const key of latest.keys()) if (!wanted.has(key)) latest.delete(key);
      }),
  };
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
  const { checkedAt: __, conditions: conditionsBefore, ...restBefore } = before;
  return (
    JSON.stringify([rest, essence(conditions)]) !== JSON.stringify([restBefore, essence(conditionsBefore)])
  );
}

function essence(conditions: AlertState['conditions']): unknown {
  return conditions.map(({ phase, metSince, unknownTold }) => [phase, metSince, unknownTold]);
}
