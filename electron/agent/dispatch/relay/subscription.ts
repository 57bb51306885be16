import type { SubscriptionState } from '../../../../shared/model/status.ts';

const DAY_MS = 24 * 3_600_000;

/** So many days before the end, the administrator is told, once each; 0: that it has ended. */
const TOLD_DAYS = [30, 7, 1, 0] as const;

/** How a subscription stands. `expiresAt`: null where it has no end. Wall-clock milliseconds, by the service's clock. */
export function subscriptionState(expiresAt: number | null, now: number): SubscriptionState {
  if (expiresAt === null) return 'valid';
  if (expiresAt <= now) return 'expired';
  return expiresAt - now <= TOLD_DAYS[0] * DAY_MS ? 'ends-soon' : 'valid';
}

/** What is to be said of the end of a subscription now: the nearest of the days that it has come down to. */
export function dayToTell(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null) return null;
  return TOLD_DAYS.findLast((days) => expiresAt - now <= days * DAY_MS) ?? null;
}

/** By which each notice is remembered: that day, and those that are past, which are not made up for. */
export function toldKeys(expiresAt: number, days: number): string[] {
  return TOLD_DAYS.filter((day) => day >= days).map((day) => `told relay-ends ${expiresAt} ${day}`);
}
