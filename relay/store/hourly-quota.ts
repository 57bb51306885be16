import type { Store } from '../../mail/store.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/**
 * Counts messages by the minute, so that an hour is the last sixty minutes and no moment lets two hours' worth pass.
 * Called inside a transaction.
 */
export interface HourlyQuota {
  /** Seconds until one more fits; 0 when it fits now. */
  waitSeconds(subject: string, limit: number, now: number): number;
  count(subject: string, now: number): void;
  /** Forgets minutes that no longer count. */
  prune(now: number): void;
}

export function createHourlyQuota(store: Store): HourlyQuota {
  const minuteOf = (now: number) => Math.floor(now / MINUTE_MS);
  return {
    waitSeconds(subject, limit, now) {
      const minute = minuteOf(now);
      // Minutes that lie ahead were counted before the clock was set back: they count until they have passed.
      const counted = 'FROM quota_use WHERE subject = ? AND minute > ?';
      const since = minute - HOUR_MINUTES;
      let used = Number(store.get(`SELECT sum(messages) AS used ${counted}`, subject, since)?.['used'] ?? 0);
      if (used < limit) return 0;
      for (const row of store.all(`SELECT minute, messages ${counted} ORDER BY minute`, subject, since)) {
        used -= Number(row['messages']);
        if (used >= limit) continue;
        const freeAt = (Number(row['minute']) + HOUR_MINUTES) * MINUTE_MS;
        return Math.max(1, Math.ceil((freeAt - now) / 1000));
      }
      return HOUR_MINUTES * 60;
    },
    count(subject, now) {
      store.run(
        `INSERT INTO quota_use (subject, minute, messages) VALUES (?, ?, 1)
           ON CONFLICT (subject, minute) DO UPDATE SET messages = messages + 1`,
        subject,
        minuteOf(now),
      );
    },
    prune(now) {
      store.run('DELETE FROM quota_use WHERE minute <= ?', minuteOf(now) - HOUR_MINUTES);
    },
  };
}
