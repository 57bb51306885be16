import type { ConditionSettings } from '../../../shared/contract/settings.ts';
import type { ConditionState } from '../../../shared/model/alert.ts';
import type { Reading } from '../../../shared/model/sample.ts';

/**
 * Checks come a few milliseconds early or late. Without some slack, a hold time of two intervals would now and then
 * take three.
 */
const JITTER_MS = 200;
const JITTER = 0.05;

export const CLEAR: ConditionState = {
  phase: 'clear',
  heldMs: 0,
  metSince: null,
  unknownMs: 0,
  unknownTold: false,
};

/** The moment of one check. */
export interface CheckTime {
  /** Wall-clock milliseconds. */
  readonly now: number;
  /**
   * Checked time since the check before: at most what a check interval explains, so that neither sleep nor a jump of
   * the clock can make a condition look as if it had held for hours.
   */
  readonly elapsedMs: number;
}

/**
 * Whether a value meets the condition. With `clear` it takes more to end than to begin: once met, "above 90, clear 85"
 * stays met down to 85 (hysteresis).
 */
export function isMet(condition: ConditionSettings, value: number | string, wasMet: boolean): boolean {
  if (typeof value === 'string') return value === condition.is;
  if (condition.above !== undefined) {
    return wasMet && condition.clear !== undefined ? value > condition.clear : value > condition.above;
  }
  if (condition.below !== undefined) {
    return wasMet && condition.clear !== undefined ? value < condition.clear : value < condition.below;
  }
  return false;
}

/**
 * One condition's next state. An unknown value changes nothing but the time it has been unknown: it neither fires nor
 * clears, and adds nothing to the hold time.
 */
export function stepCondition(
  condition: ConditionSettings,
  state: ConditionState,
  reading: Reading,
  time: CheckTime,
): ConditionState {
  if (reading.value === null) return { ...state, unknownMs: state.unknownMs + time.elapsedMs };
  const wasMet = state.phase !== 'clear';
  if (!isMet(condition, reading.value, wasMet)) return CLEAR;
  const heldMs = wasMet ? state.heldMs + time.elapsedMs : 0;
  const wantedMs = condition.forSeconds * 1000;
  const holding = state.phase === 'holding' || heldMs >= wantedMs - Math.min(JITTER_MS, wantedMs * JITTER);
  return {
    phase: holding ? 'holding' : 'met',
    heldMs: holding ? wantedMs : heldMs,
    metSince: state.metSince ?? time.now,
    unknownMs: 0,
    unknownTold: false,
  };
}
