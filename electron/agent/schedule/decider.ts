import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import { isDiskFailure } from '../../../mail/store-failure.ts';
import type { AlertSettings, Settings } from '../../../shared/contract/settings.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import { type Clock, type Random, sleep } from '../../../shared/model/clock.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { MetricRequest, Reading } from '../../../shared/model/sample.ts';
import type { AlertNotice, ComposeContext, Composer } from '../compose/compose.ts';
import { groupKey } from '../compose/group-people.ts';
import { activeAlerts, alertNotice, noticeAsOfNow, unknownNotice } from '../compose/notices.ts';
import { compareTones } from '../compose/tone.ts';
import { type Evaluation, evaluateAlert } from '../evaluate/alert.ts';
import { isWorthSaving } from '../record/state-changes.ts';
import type { StateStore } from '../record/state-store.ts';
import type { AlertStates } from './alert-states.ts';
import { openWindow } from './maintenance.ts';
import { requestsOf } from './measurements.ts';
import type { Teller } from './teller.ts';
import type { Telling } from './telling.ts';

export interface DeciderOptions {
  readonly settings: () => Settings;
  readonly store: Store;
  readonly saved: StateStore;
  readonly states: AlertStates;
  readonly teller: Teller;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** The reading to judge a request by, none older than some milliseconds. */
  readonly reading: (request: MetricRequest, longestStepMs: number) => Reading;
  readonly onQueued: () => void;
  readonly keepInMemory: ((messages: readonly Message[], error: unknown) => void) | undefined;
  readonly onFault: (error: unknown) => void;
}

/** The stages evaluate, compose and outbox. Calls must not overlap. */
export interface Decider {
  /** Evaluates these alerts and writes down what follows: the new state of each, and what is to be told. */
  decide(alerts: readonly AlertSettings[]): Promise<void>;
  /** Tells what was held, as far as its time has come. */
  tellHeld(): Promise<void>;
}

interface Decision {
  readonly alert: AlertSettings;
  readonly previous: AlertState;
  readonly readings: readonly Reading[];
  readonly evaluation: Evaluation;
}

/** So many alerts that have something to say are written down in one go, and the rest of a group with them. */
const EVENTS_AT_ONCE = 10;

export function createDecider(options: DeciderOptions): Decider {
  const { clock, states, teller, settings } = options;

  const longestStepMs = () => settings().installation.intervalSeconds * 2000 + 5000;
  const readingsOf = (alert: AlertSettings) =>
    requestsOf(alert).map((request) => options.reading(request, longestStepMs()));

  /** Alerts as the settings have them now: what stands in them no longer tells nobody anything. */
  const inForce = <Of>(all: readonly Of[], alertOf: (one: Of) => AlertSettings): Of[] => {
    const known = new Set(settings().alerts);
    return all.filter((one) => known.has(alertOf(one)));
  };

  const evaluate = (alerts: readonly AlertSettings[]): Decision[] => {
    const now = clock.now();
    const quiet = openWindow(settings().maintenance, now) !== null;
    return alerts.map((alert) => {
      const readings = readingsOf(alert);
      const previous = states.of(alert);
      const evaluation = evaluateAlert(alert, previous, readings, {
        now,
        longestStepMs: longestStepMs(),
        quiet,
        newIncidentId: () => options.random.id(now),
      });
      return { alert, previous, readings, evaluation };
    });
  };

  /**
   * One transaction for the states and all that they have to tell. What is in memory follows only then, so that a write
   * that fails leaves everything to be decided again. Where the disk takes nothing, memory takes both until it does.
   */
  const writeDown = (decided: readonly Decision[], composer: Composer | null) => {
    const decisions = inForce(decided, ({ alert }) => alert);
    const next = new Map(decisions.map(({ alert, evaluation }) => [alert.name, evaluation.state]));
    const { telling, messages } =
      composer === null ? { telling: null, messages: [] } : compose(decisions, next, composer);
    const changed = new Set(
      decisions
        .filter(
          ({ alert, previous }) =>
            next.has(alert.name) &&
            (states.isUnsaved(alert.name) || isWorthSaving(previous, next.get(alert.name) ?? previous)),
        )
        .map(({ alert }) => alert),
    );
    for (const alert of rooted(telling, next)) changed.add(alert);
    if (changed.size > 0 || messages.length > 0 || telling !== null) {
      save([...changed], next, messages, telling);
    }
    for (const { alert } of decisions) {
      const state = next.get(alert.name);
      if (state) states.set(alert, state);
    }
    for (const alert of changed) {
      const state = next.get(alert.name);
      if (state) states.set(alert, state);
    }
    if (messages.length > 0) options.onQueued();
  };

  const save = (
    changed: readonly AlertSettings[],
    next: ReadonlyMap<string, AlertState>,
    messages: readonly Message[],
    telling: Telling | null,
  ) => {
    const names = changed.map(({ name }) => name);
    try {
      options.store.transaction(() => {
        for (const alert of changed) {
          const state = next.get(alert.name);
          if (state) options.saved.saveAlert(alert, state);
        }
        if (telling !== null) teller.write(telling);
        options.outbox.accept(messages, clock.now());
      });
      states.markSaved(names);
      if (telling !== null) teller.takeOver(telling, true);
    } catch (error) {
      if (options.keepInMemory === undefined || !isDiskFailure(error)) throw error;
      options.keepInMemory(messages, error);
      states.markUnsaved(names);
      if (telling !== null) teller.takeOver(telling, false);
    }
  };

  /**
   * The mails of some decisions. An alert whose mail cannot be written is taken out of `next`, so that it is decided
   * again and holds no other up.
   */
  const compose = (
    decisions: readonly Decision[],
    next: Map<string, AlertState>,
    composer: Composer,
  ): { telling: Telling; messages: Message[] } => {
    const context = options.composeContext();
    const fail = (name: string, error: unknown) => {
      next.delete(name);
      options.onFault(error);
    };
    const unknowns = decisions.flatMap(({ alert, readings, evaluation }) => {
      if (evaluation.unknownToTell.length === 0) return [];
      try {
        const administrators = settings().profile.emails;
        const notice = unknownNotice(alert, evaluation.unknownToTell, readings, administrators, context);
        return composer.notice(notice, context);
      } catch (error) {
        fail(alert.name, error);
        return [];
      }
    });
    const fresh = decisions
      .filter(({ alert, evaluation }) => evaluation.event !== null && next.has(alert.name))
      .map(({ alert, evaluation, readings }) => alertNotice(alert, evaluation, readings))
      .filter(({ recipients, sms }) => recipients.length + sms.length > 0);
    const all = states.enabled().map(({ alert, state }) => ({ alert, state: next.get(alert.name) ?? state }));
    const byName = new Map(all.map((one) => [one.alert.name, one]));
    const asOfNow = (notice: AlertNotice) => {
      const known = byName.get(notice.name);
      return known
        ? noticeAsOfNow(notice, known.alert, known.state, readingsOf(known.alert), context.now)
        : notice;
    };
    const { onFault } = options;
    const telling = teller.plan(fresh, { composer, context, active: activeAlerts(all), asOfNow, onFault });
    for (const name of telling.failed) next.delete(name);
    return { telling, messages: [...unknowns, ...telling.messages] };
  };

  /** The first mail of an incident enters its state, because later ones refer to it (B15); gives whose state that changes. */
  const rooted = (telling: Telling | null, next: Map<string, AlertState>): AlertSettings[] => {
    if (telling === null || telling.roots.length === 0) return [];
    const known = new Map(states.enabled().map((one) => [one.alert.name, one]));
    return telling.roots.flatMap(({ name, incidentId, messageId }) => {
      const one = known.get(name);
      const state = next.get(name) ?? one?.state;
      if (!one || !state || state.incidentId !== incidentId || state.rootMessageId !== null) return [];
      next.set(name, { ...state, rootMessageId: messageId });
      return [one.alert];
    });
  };

  const tellHeld = async () => {
    const now = clock.now();
    const nextAt = teller.nextAt(now);
    if (teller.isUnsaved() || (nextAt !== null && nextAt <= now)) writeDown([], await options.composer());
  };

  return {
    async decide(asked) {
      teller.look(clock.now());
      const decisions = evaluate(inForce(asked, (alert) => alert));
      const batches = batchesOf(decisions.filter(isEventful), options.composeContext);
      const composer = batches.length > 0 ? await options.composer() : null;
      for (const [number, batch] of batches.entries()) {
        // The first mails leave, and calls are answered, while there are more to be written.
        if (number > 0) await sleep(clock, 0);
        writeDown(batch, composer);
      }
      writeDown(
        decisions.filter((decision) => !isEventful(decision)),
        null,
      );
      await tellHeld();
    },
    async tellHeld() {
      teller.look(clock.now());
      await tellHeld();
    },
  };
}

function isEventful({ evaluation }: Decision): boolean {
  return evaluation.event !== null || evaluation.unknownToTell.length > 0;
}

/** Batches of at least EVENTS_AT_ONCE, the worst first. What goes to the same people stays together: it is one mail. */
function batchesOf(decisions: readonly Decision[], context: () => ComposeContext): Decision[][] {
  if (decisions.length === 0) return [];
  const { alertFormat } = context();
  const worstFirst = decisions.toSorted((left, right) =>
    compareTones(left.alert.severity, right.alert.severity),
  );
  const batches: Decision[][] = [[]];
  for (const group of Map.groupBy(worstFirst, ({ alert }) => groupKey(alert, { alertFormat })).values()) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= EVENTS_AT_ONCE) batches.push([...group]);
    else batch.push(...group);
  }
  return batches;
}
