import type { Settings } from '../../../shared/contract/settings.ts';
import { lastRunAt } from '../settings/cron.ts';

/** A maintenance window that is open: its name and when it closes, in wall-clock milliseconds. */
export interface OpenWindow {
  readonly name: string;
  readonly until: number;
}

/** The maintenance window that is open now, the one that closes last where there are several; null for none. */
export function openWindow(windows: Settings['maintenance'], now: number): OpenWindow | null {
  let open: OpenWindow | null = null;
  for (const { name, cron, minutes } of windows) {
    const began = lastRunAt(cron, now);
    const until = began === null ? now : began + minutes * 60_000;
    if (until > now && (open === null || until > open.until)) open = { name, until };
  }
  return open;
}
