import type { ReportSettings } from '../../shared/contract/settings.ts';
import { cronOf, type Schedule, scheduleOf } from './schedule.ts';

/** A report as its editor holds it. */
export interface ReportDraft extends Omit<ReportSettings, 'cron' | 'recipients'> {
  readonly schedule: Schedule;
  readonly recipients: readonly string[];
}

export function reportDraft({ cron, ...report }: ReportSettings): ReportDraft {
  return { ...report, schedule: scheduleOf(cron) };
}

export function reportOf({ schedule, ...draft }: ReportDraft): ReportSettings {
  return { ...draft, name: draft.name.trim(), cron: cronOf(schedule), recipients: [...draft.recipients] };
}
