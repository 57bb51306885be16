import type { MailboxSettings } from '../../../shared/contract/settings.ts';
import type { RoundTrip } from './mailbox-store.ts';

/** A mail that has not come back by then is lost; greylisting takes a quarter of an hour at most, as a rule. */
const LOST_AFTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What is known when the next step is decided. */
export interface TripState {
  readonly now: number;
  readonly last: RoundTrip | null;
  /** When the mailbox was read to its end last; null where it has not been. */
  readonly readAt: number | null;
}

export type TripStep = 'send' | 'lost' | 'wait';

/**
 * What is to be done about the round trip. It is lost once the mailbox was read a quarter of an hour after the mail was
 * sent and did not hold it, or could not be read for two turns after that. Pure.
 */
export function nextTripStep(mailbox: MailboxSettings, { now, last, readAt }: TripState): TripStep {
  if (last === null) return mailbox.roundTripHours === 0 ? 'wait' : 'send';
  const ageMs = now - last.sentAt;
  if (last.state === 'on-its-way') {
    const wasLookedFor = readAt !== null && readAt - last.sentAt >= LOST_AFTER_MS;
    const isOverdue = ageMs >= LOST_AFTER_MS + 2 * mailbox.checkEveryMinutes * MINUTE_MS;
    if (wasLookedFor || isOverdue) return 'lost';
  }
  if (mailbox.roundTripHours === 0) return 'wait';
  // Sent in the future: the clock was set back.
  return ageMs >= mailbox.roundTripHours * HOUR_MS || ageMs < 0 ? 'send' : 'wait';
}
