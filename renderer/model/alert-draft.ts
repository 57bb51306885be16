import type { AlertSettings, ConditionSettings } from '../../shared/contract/settings.ts';
import { parseSettings } from '../../shared/contract/settings-rules.ts';
import { type ConditionDraft, conditionDraft, conditionOf } from './condition-draft.ts';

/** An alert as its editor holds it. */
export interface AlertDraft
  extends Omit<AlertSettings, 'conditions' | 'recipients' | 'sms' | 'repeatMinutes' | 'unknownAfterSeconds'> {
  readonly conditions: readonly ConditionDraft[];
  readonly recipients: readonly string[];
  readonly sms: readonly string[];
  /** The settings say 0 for "never"; the time stays in the editor meanwhile. */
  readonly reminds: boolean;
  readonly repeatMinutes: number | null;
  readonly unknownAfterSeconds: number | null;
}

const USUAL_REPEAT_MINUTES = 240;

export function alertDraft(alert: AlertSettings): AlertDraft {
  return {
    ...alert,
    conditions: alert.conditions.map((condition, at) => conditionDraft(condition, String(at))),
    reminds: alert.repeatMinutes > 0,
    repeatMinutes: alert.repeatMinutes > 0 ? alert.repeatMinutes : USUAL_REPEAT_MINUTES,
  };
}

/**
 * The alert as the settings hold it. A number that is still empty is handed on as null, which the rules of the settings
 * refuse by name.
 */
export function alertOf({ reminds, ...draft }: AlertDraft): AlertSettings {
  return {
    ...draft,
    name: draft.name.trim(),
    conditions: draft.conditions.map(conditionOf),
    recipients: [...draft.recipients],
    sms: [...draft.sms],
    repeatMinutes: reminds ? (draft.repeatMinutes as number) : 0,
    unknownAfterSeconds: draft.unknownAfterSeconds as number,
  };
}

/** As much of an alert as can be measured and mailed while it is being edited: what is not complete is left out. */
export function soundPart(draft: AlertDraft, nameless: string): AlertSettings {
  const alert = alertOf(draft);
  return {
    ...alert,
    name: alert.name === '' ? nameless : alert.name.slice(0, 100),
    repeatMinutes: Number.isInteger(alert.repeatMinutes) ? alert.repeatMinutes : USUAL_REPEAT_MINUTES,
    unknownAfterSeconds: Number.isInteger(alert.unknownAfterSeconds) ? alert.unknownAfterSeconds : 600,
    conditions: alert.conditions.filter(isSound),
  };
}

/** Whether a condition says enough, and nothing wrong, to be measured. */
export function isSound(condition: ConditionSettings): boolean {
  const alerts = [{ name: 'Condition', conditions: [condition] }];
  return parseSettings({ version: 1, alerts }, { cronFault: () => null }).ok;
}

/** A key that no row has yet. */
export function newConditionKey(conditions: readonly ConditionDraft[]): string {
  return String(1 + Math.max(-1, ...conditions.map(({ key }) => Number(key))));
}
