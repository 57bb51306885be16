import { type Evaluation, evaluateAlert, initialAlertState } from '../../electron/agent/evaluate/alert.ts';
import { type AlertSettings, settingsSchema } from '../../shared/contract/settings.ts';
import type { AlertState } from '../../shared/model/alert.ts';
import type { Reading } from '../../shared/model/sample.ts';

/** Between two checks, in milliseconds. */
export const STEP_MS = 10_000;
const LONGEST_STEP_MS = 25_000;

/** An alert as the settings give it. */
export function anAlert(conditions: readonly object[], given: object = {}): AlertSettings {
  const settings = settingsSchema.parse({ version: 1, alerts: [{ name: 'An alert', conditions, ...given }] });
  const [alert] = settings.alerts;
  if (!alert) throw new Error('no alert');
  return alert;
}

export type Value = number | string | null;

function reading(value: Value): Reading {
  return value === null ? { value, unknown: 'cannot be read' } : { value };
}

/** Checks an alert again and again; remembers the last state as a database would. */
export class AlertWatch {
  now = 0;
  incidents = 0;
  quiet = false;
  stepMs = STEP_MS;
  alert: AlertSettings;
  state: AlertState;
  last: Evaluation | null = null;

  constructor(alert: AlertSettings) {
    this.alert = alert;
    this.state = initialAlertState(alert, 0);
  }

  check(...values: Value[]): Evaluation['event'] {
    this.last = evaluateAlert(this.alert, this.state, values.map(reading), {
      now: this.now,
      longestStepMs: LONGEST_STEP_MS,
      quiet: this.quiet,
      newIncidentId: () => `incident-${++this.incidents}`,
    });
    // What survives a restart is what JSON keeps.
    this.state = JSON.parse(JSON.stringify(this.last.state)) as AlertState;
    this.now += this.stepMs;
    return this.last.event;
  }

  /** One letter a check: the phase, upper case where an event happened. */
  trace(values: readonly Value[]): string {
    return values
      .map((value) => {
        const event = this.check(value);
        const letter = { ok: 'o', pending: 'p', firing: 'f' }[this.state.phase];
        return event === null ? letter : letter.toUpperCase();
      })
      .join('');
  }
}
