import type { AlertState, StateChange } from '../../../shared/model/alert.ts';

/** The last 21 checks, between which there are 20 steps (Nagios, "Detection and Handling of State Flapping"). */
const STEPS = 20;
/** Flapping begins above this share of steps that changed the state, and ends below the other (Nagios: 20 % and 5 %). */
const BEGINS_ABOVE = 0.2;
const ENDS_BELOW = 0.05;

type Flapping = Pick<AlertState, 'changes' | 'flappingSince'>;

/**
 * What is known of an alert's changes between firing and not firing after one more check. Checks are counted, not time:
 * an alert whose hold time is longer than a few checks cannot change often enough to be called flapping. Checks that were
 * missed, asleep or paused, are none.
 */
export function stepFlapping(
  { changes: known, flappingSince }: Flapping,
  changed: boolean,
  now: number,
): Flapping {
  // Most alerts never change: nothing to count, and nothing new to remember.
  if (known.length === 0 && !changed) return { changes: known, flappingSince: null };
  const changes = known
    .map(({ at, checksAgo }): StateChange => ({ at: Math.min(at, now), checksAgo: checksAgo + 1 }))
    .filter(({ checksAgo }) => checksAgo < STEPS);
  if (changed) changes.push({ at: now, checksAgo: 0 });
  const share = changes.length / STEPS;
  if (flappingSince !== null) {
    return { changes, flappingSince: share < ENDS_BELOW ? null : Math.min(flappingSince, now) };
  }
  return { changes, flappingSince: share > BEGINS_ABOVE ? (changes[0]?.at ?? now) : null };
}
