import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { initialAlertState } from '../evaluate/alert.ts';
import { isWorthSaving } from '../record/state-changes.ts';
import { carryOver, type StateStore } from '../record/state-store.ts';

/** The states of all alerts as memory has them, over what the disk has. */
export interface AlertStates {
  of(alert: AlertSettings): AlertState;
  /** Every alert that is watched, with its state. */
  enabled(): { readonly alert: AlertSettings; readonly state: AlertState }[];
  set(alert: AlertSettings, state: AlertState): void;
  /** The disk has not taken these, and is to take them with the next check. */
  markUnsaved(names: readonly string[]): void;
  markSaved(names: readonly string[]): void;
  isUnsaved(name: string): boolean;
  /** The settings were replaced: forgets alerts that are gone, and writes down what the others are carried over to. */
  settingsChanged(): void;
}

export function createAlertStates(
  saved: StateStore,
  alerts: () => readonly AlertSettings[],
  clock: Clock,
): AlertStates {
  /** With the settings under which each was found: they are what its conditions' positions mean. */
  const current = new Map<string, { readonly alert: AlertSettings; readonly state: AlertState }>();
  const unsaved = new Set<string>();

  const of = (alert: AlertSettings): AlertState => {
    const known = current.get(alert.name);
    if (known) return known.alert === alert ? known.state : carryOver(known.alert, known.state, alert);
    const state = saved.alert(alert) ?? initialAlertState(alert, clock.now());
    current.set(alert.name, { alert, state });
    return state;
  };
  const enabled = () => alerts().filter((alert) => alert.enabled);

  return {
    of,
    enabled: () => enabled().map((alert) => ({ alert, state: of(alert) })),
    set: (alert, state) => current.set(alert.name, { alert, state }),
    markUnsaved(names) {
      for (const name of names) unsaved.add(name);
    },
    markSaved(names) {
      for (const name of names) unsaved.delete(name);
    },
    isUnsaved: (name) => unsaved.has(name),
    settingsChanged() {
      saved.keepAlerts(enabled().map((alert) => alert.name));
      for (const alert of enabled().filter(({ name }) => current.has(name))) {
        const state = of(alert);
        if (isWorthSaving(null, state)) saved.saveAlert(alert, state);
      }
      current.clear();
      unsaved.clear();
    },
  };
}
