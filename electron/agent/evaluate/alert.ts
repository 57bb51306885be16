import type { AlertSettings, ConditionSettings } from '../../../shared/contract/settings.ts';
import type { AlertPhase, AlertState, ConditionState } from '../../../shared/model/alert.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import { CLEAR, type CheckTime, stepCondition } from './condition.ts';
import { stepFlapping } from './flapping.ts';

/** What people are to be told about an alert after a check; `steady`: it fires and has ended to flap. */
export type AlertEvent = 'fired' | 'reminder' | 'resolved' | 'flapping' | 'steady';

export interface Evaluation {
  readonly state: AlertState;
  /** Null where there is nothing new. */
  readonly event: AlertEvent | null;
  /** Positions of conditions that have been unknown for too long and that nobody has been told of yet. */
  readonly unknownToTell: readonly number[];
  /** The state before the incident ended, for the mail that says so; null unless `event` is "resolved". */
  readonly ended: AlertState | null;
}

/** The state of an alert that has never been checked. */
export function initialAlertState(alert: AlertSettings, now: number): AlertState {
  return {
    phase: 'ok',
    since: now,
    incidentId: null,
    rootMessageId: null,
    lastNotifiedAt: null,
    notifications: 0,
    acknowledgedAt: null,
    snoozedUntil: null,
    lastFiredAt: null,
    conditions: alert.conditions.map(() => CLEAR),
    checkedAt: now,
    changes: [],
    flappingSince: null,
    flappingTold: false,
  };
}

export interface EvaluateOptions {
  readonly now: number;
  /** The longest time between two checks that is believed, in milliseconds; see CheckTime. */
  readonly longestStepMs: number;
  /** A maintenance window is open: states change as ever, and nobody is told until it has closed. */
  readonly quiet: boolean;
  /** Name for the incident, should one begin. */
  readonly newIncidentId: () => string;
}

/**
 * An alert's next state: ok → pending → firing → ok. A pure function of settings, state and readings; whoever calls it
 * writes the state down together with the mails that the event asks for.
 */
export function evaluateAlert(
  alert: AlertSettings,
  previous: AlertState,
  readings: readonly Reading[],
  options: EvaluateOptions,
): Evaluation {
  const { now } = options;
  const time: CheckTime = { now, elapsedMs: clamp(now - previous.checkedAt, 0, options.longestStepMs) };
  const stepped = alert.conditions.map((condition, position) =>
    stepCondition(
      condition,
      previous.conditions[position] ?? CLEAR,
      readings[position] ?? NOT_MEASURED,
      time,
    ),
  );
  const unknownToTell = alert.conditions.flatMap((condition, position) =>
    !options.quiet && isUnknownTooLong(alert, condition, stepped[position] ?? CLEAR) ? [position] : [],
  );
  const conditions = stepped.map((state, position) =>
    unknownToTell.includes(position) ? { ...state, unknownTold: true } : state,
  );
  // A clock that was set back must not silence reminders: nothing is counted from a time that has not come yet.
  const lastNotifiedAt = previous.lastNotifiedAt === null ? null : Math.min(previous.lastNotifiedAt, now);
  // Nor must it make a snooze of half an hour last a year.
  const setBackMs = Math.max(0, previous.checkedAt - now);
  const snoozedUntil = previous.snoozedUntil === null ? null : previous.snoozedUntil - setBackMs;
  const checked: AlertState = { ...previous, conditions, lastNotifiedAt, snoozedUntil, checkedAt: now };
  return { unknownToTell, ...transition(alert, checked, phaseOf(alert, conditions), options) };
}

const NOT_MEASURED: Reading = { value: null, unknown: 'was not measured' };

/** Where the conditions alone would put the alert. */
function phaseOf(alert: AlertSettings, conditions: readonly ConditionState[]): AlertPhase {
  const every = alert.match === 'all';
  const holds = (state: ConditionState) => state.phase === 'holding';
  const met = (state: ConditionState) => state.phase !== 'clear';
  if (every ? conditions.every(holds) : conditions.some(holds)) return 'firing';
  return (every ? conditions.every(met) : conditions.some(met)) ? 'pending' : 'ok';
}

function transition(
  alert: AlertSettings,
  state: AlertState,
  phase: AlertPhase,
  options: EvaluateOptions,
): Omit<Evaluation, 'unknownToTell'> {
  const { now } = options;
  const flapping = stepFlapping(state, (phase === 'firing') !== (state.phase === 'firing'), now);
  const next = { ...state, changes: flapping.changes };
  if (flapping.flappingSince !== null) {
    return whileFlapping(alert, { ...next, flappingSince: flapping.flappingSince }, phase, options);
  }
  if (state.flappingSince !== null) return afterFlapping(alert, next, phase, options);
  if (phase === 'firing') {
    const firing = state.phase === 'firing' ? next : begin(next, options);
    const event = options.quiet ? null : dueEvent(alert, firing, now);
    return { state: event === null ? firing : told(firing, now), event, ended: null };
  }
  if (state.phase === 'firing') {
    const event = recoveryEvent(alert, state);
    return { state: finish(next, phase, now), event, ended: event === null ? null : state };
  }
  return { state: inPhase(next, phase, now), event: null, ended: null };
}

/** Comings and goings are one incident and no mails: it is told once that it flaps, and again when a reminder is due. */
function whileFlapping(
  alert: AlertSettings,
  state: AlertState,
  phase: AlertPhase,
  options: EvaluateOptions,
): Omit<Evaluation, 'unknownToTell'> {
  const { now } = options;
  const incident = state.incidentId === null ? begin(state, options) : state;
  const flapping = inPhase({ ...incident, phase: state.phase, since: state.since }, phase, now);
  const isDue = flapping.flappingTold ? dueEvent(alert, flapping, now) !== null : !isSnoozed(flapping, now);
  if (options.quiet || !isDue) return { state: flapping, event: null, ended: null };
  return { state: { ...told(flapping, now), flappingTold: true }, event: 'flapping', ended: null };
}

/** The state in which it came to rest is told, as soon as anything may be told. */
function afterFlapping(
  alert: AlertSettings,
  state: AlertState,
  phase: AlertPhase,
  options: EvaluateOptions,
): Omit<Evaluation, 'unknownToTell'> {
  const { now } = options;
  const rested = inPhase(state, phase, now);
  if (options.quiet || isSnoozed(state, now)) return { state: rested, event: null, ended: null };
  const steady = { ...rested, flappingSince: null, flappingTold: false };
  if (phase !== 'firing') {
    const event = recoveryEvent(alert, state);
    const { since } = rested;
    return { state: { ...finish(steady, phase, now), since }, event, ended: event === null ? null : state };
  }
  if (steady.notifications > 0 && steady.acknowledgedAt !== null) {
    return { state: steady, event: null, ended: null };
  }
  return { state: told(steady, now), event: steady.notifications > 0 ? 'steady' : 'fired', ended: null };
}

function recoveryEvent(alert: AlertSettings, state: AlertState): AlertEvent | null {
  return alert.notifyOnRecovery && state.notifications > 0 ? 'resolved' : null;
}

function inPhase(state: AlertState, phase: AlertPhase, now: number): AlertState {
  return { ...state, phase, since: state.phase === phase ? state.since : now };
}

function begin(state: AlertState, options: EvaluateOptions): AlertState {
  return {
    ...state,
    phase: 'firing',
    since: options.now,
    incidentId: options.newIncidentId(),
    rootMessageId: null,
    lastNotifiedAt: null,
    notifications: 0,
    acknowledgedAt: null,
    lastFiredAt: options.now,
  };
}

function finish(state: AlertState, phase: AlertPhase, now: number): AlertState {
  return {
    ...state,
    phase,
    since: now,
    incidentId: null,
    rootMessageId: null,
    lastNotifiedAt: null,
    notifications: 0,
    acknowledgedAt: null,
    snoozedUntil: state.snoozedUntil !== null && state.snoozedUntil > now ? state.snoozedUntil : null,
  };
}

function told(state: AlertState, now: number): AlertState {
  return { ...state, lastNotifiedAt: now, notifications: state.notifications + 1, snoozedUntil: null };
}

/** Whether an alert that is firing has something to say now. */
function dueEvent(alert: AlertSettings, state: AlertState, now: number): AlertEvent | null {
  if (isSnoozed(state, now)) return null;
  if (state.notifications === 0) return 'fired';
  if (state.snoozedUntil !== null && state.acknowledgedAt === null) return 'reminder';
  const reminderAt = nextReminderAt(alert, state);
  return reminderAt !== null && now >= reminderAt ? 'reminder' : null;
}

function isSnoozed(state: AlertState, now: number): boolean {
  return state.snoozedUntil !== null && now < state.snoozedUntil;
}

/** When the next reminder leaves if the alert goes on firing, or flapping; null where none will. */
export function nextReminderAt(alert: AlertSettings, state: AlertState): number | null {
  if (alert.repeatMinutes === 0 || state.acknowledgedAt !== null || state.incidentId === null) return null;
  return state.lastNotifiedAt === null ? null : state.lastNotifiedAt + alert.repeatMinutes * 60_000;
}

function isUnknownTooLong(
  alert: AlertSettings,
  condition: ConditionSettings,
  state: ConditionState,
): boolean {
  const afterMs = (condition.unknownAfterSeconds ?? alert.unknownAfterSeconds) * 1000;
  return !state.unknownTold && state.unknownMs > 0 && state.unknownMs >= afterMs;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
