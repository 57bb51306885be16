import { z } from 'zod';
import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { AlertState } from '../../../shared/model/alert.ts';
import type { Schema, Store } from '../../../mail/store.ts';
import { DamagedValue, storedJson } from '../../../mail/store-failure.ts';
import { CLEAR } from '../evaluate/condition.ts';

export const STATE_SCHEMA: Schema = {
  part: 'agent',
  steps: [
    `CREATE TABLE alert_state (name TEXT PRIMARY KEY, conditions TEXT NOT NULL, state TEXT NOT NULL) STRICT;
     CREATE TABLE report_state (name TEXT PRIMARY KEY, cron TEXT NOT NULL, due_at INTEGER NOT NULL) STRICT;
     CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  ],
};

/** What the agent remembers besides the outbox: the state of alerts, which report is due when, and whether it is paused. */
export interface StateStore {
  /** The state of an alert; null where none is known. Conditions that were changed since start afresh. */
  alert(alert: AlertSettings): AlertState | null;
  saveAlert(alert: AlertSettings, state: AlertState): void;
  /** Forgets alerts that are no longer set up. */
  keepAlerts(names: readonly string[]): void;
  /** When a report by this name and schedule falls due; null where that was never written down. */
  reportDueAt(name: string, cron: string): number | null;
  saveReportDueAt(name: string, cron: string, dueAt: number): void;
  pausedUntil(): number | 'forever' | null;
  savePausedUntil(until: number | 'forever' | null): void;
}

export function createStateStore(store: Store): StateStore {
  return {
    alert(alert) {
      const row = store.get('SELECT conditions, state FROM alert_state WHERE name = ?', alert.name);
      if (!row) return null;
      const state = storedState(storedJson(row['state'], 'the state of an alert'));
      const keys = storedJson(row['conditions'], 'the state of an alert') as string[];
      return withConditionsOf(alert, state, keys);
    },
    saveAlert(alert, state) {
      store.run(
        'INSERT OR REPLACE INTO alert_state (name, conditions, state) VALUES (?, ?, ?)',
        alert.name,
        JSON.stringify(conditionKeys(alert)),
        JSON.stringify(state),
      );
    },
    keepAlerts(names) {
      store.transaction(() => {
        for (const row of store.all('SELECT name FROM alert_state')) {
          const name = String(row['name']);
          if (!names.includes(name)) store.run('DELETE FROM alert_state WHERE name = ?', name);
        }
      });
    },
    reportDueAt(name, cron) {
      const row = store.get('SELECT due_at FROM report_state WHERE name = ? AND cron = ?', name, cron);
      return row ? Number(row['due_at']) : null;
    },
    saveReportDueAt(name, cron, dueAt) {
      store.run(
        'INSERT OR REPLACE INTO report_state (name, cron, due_at) VALUES (?, ?, ?)',
        name,
        cron,
        dueAt,
      );
    },
    pausedUntil() {
      const value = store.get("SELECT value FROM setting WHERE key = 'pausedUntil'")?.['value'];
      if (value === undefined) return null;
      return value === 'forever' ? 'forever' : Number(value);
    },
    savePausedUntil(until) {
      if (until === null) store.run("DELETE FROM setting WHERE key = 'pausedUntil'");
      else store.run("INSERT OR REPLACE INTO setting (key, value) VALUES ('pausedUntil', ?)", String(until));
    },
  };
}

const at = z.number().nullable();

const alertState = z.object({
  phase: z.enum(['ok', 'pending', 'firing']),
  since: z.number(),
  incidentId: z.string().nullable(),
  rootMessageId: z.string().nullable(),
  lastNotifiedAt: at,
  notifications: z.number(),
  acknowledgedAt: at,
  snoozedUntil: at,
  conditions: z.array(
    z.object({
      phase: z.enum(['clear', 'met', 'holding']),
      heldMs: z.number(),
      metSince: at,
      unknownMs: z.number(),
      unknownTold: z.boolean(),
    }),
  ),
  checkedAt: z.number(),
  // Not there in what earlier versions have written.
  lastFiredAt: at.default(null),
  changes: z.array(z.object({ at: z.number(), checksAgo: z.number() })).default([]),
  flappingSince: at.default(null),
  flappingTold: z.boolean().default(false),
});

/** The state as it was written; anything else would make the alert silent or loud for reasons that nobody knows. */
function storedState(value: unknown): AlertState {
  const parsed = alertState.safeParse(value);
  if (!parsed.success) throw new DamagedValue('the state of an alert');
  return parsed.data;
}

/** The state of an alert whose settings were changed: conditions that are new begin afresh. */
export function carryOver(before: AlertSettings, state: AlertState, after: AlertSettings): AlertState {
  return withConditionsOf(after, state, conditionKeys(before));
}

function withConditionsOf(
  alert: AlertSettings,
  state: AlertState,
  keysOfState: readonly string[],
): AlertState {
  const conditions = conditionKeys(alert).map((key) => state.conditions[keysOfState.indexOf(key)] ?? CLEAR);
  return { ...state, conditions };
}

/** Names each condition by all that it asks, so that a changed one is not taken for the one before. */
function conditionKeys(alert: AlertSettings): string[] {
  const seen = new Map<string, number>();
  return alert.conditions.map((condition) => {
    const { metric, target, above, below, clear, is, forSeconds } = condition;
    const key = JSON.stringify([metric, target, above, below, clear, is, forSeconds]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count === 0 ? key : `${key} #${count}`;
  });
}
