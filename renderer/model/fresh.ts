import type { Settings } from '../../shared/contract/settings.ts';

/** Whether an installation is as it was installed: no mail server, and nothing to watch. */
export function isFresh({ smtp, alerts, reports, fileAlerts }: Settings): boolean {
  return [smtp.servers, alerts, reports, fileAlerts].every((entries) => entries.length === 0);
}
