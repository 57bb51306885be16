import type { ServerSlot } from './server-slot.ts';

/**
 * As preferred, except that servers that have been unreliable just now come later, and those that are slow to open last:
 * each session asked of one of them takes as long as it is waited for, even where the other is broken off at times.
 */
export function inOrder(slots: readonly ServerSlot[], hedgeAfterMs: number): readonly ServerSlot[] {
  const rank = (slot: ServerSlot): number => {
    if (isSlow(slot, hedgeAfterMs)) return 2;
    return slot.health.suspect ? 1 : 0;
  };
  return slots.toSorted((one, other) => rank(one) - rank(other));
}

/** Whether a session of it is waited for by now for longer than a server may take before the next one is asked. */
export function isSlow(slot: ServerSlot, hedgeAfterMs: number): boolean {
  return slot.slowestOpeningMs >= hedgeAfterMs && !slot.hasIdle;
}
