import type { AlertState } from '../../../shared/model/alert.ts';

/**
 * Times of checks alone are not worth a write, nor is that changes grow old; a hold time that runs is, so that a restart
 * does not begin it anew.
 */
export function isWorthSaving(before: AlertState | null, after: AlertState): boolean {
  if (before === null) return after.phase !== 'ok' || after.incidentId !== null;
  if (after.phase === 'pending') return true;
  const { checkedAt: _, conditions, changes, ...rest } = after;
  const keys = Object.keys(rest) as (keyof typeof rest)[];
  return (
    keys.some((key) => rest[key] !== before[key]) ||
    (changes.length > 0 && changes.at(-1)?.at !== before.changes.at(-1)?.at) ||
    haveChanged(before.conditions, conditions)
  );
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
