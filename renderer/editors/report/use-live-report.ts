import type { ReportSettings } from '../../../shared/contract/settings.ts';
import { useLoaded } from '../../hooks/use-call.ts';
import { entryFaults, faultAt } from '../../model/entry-faults.ts';
import { type ReportDraft, reportOf } from '../../model/report-draft.ts';
import { REPORTS } from '../../strings/reports.ts';
import { useDebounced } from '../entry/use-debounced.ts';

const QUIET_MS = 500;

/** What a report that is being edited comes to. */
export interface LiveReport {
  /** The next times by its schedule; null while they are not known. */
  readonly next: readonly number[] | null;
  /** Why the schedule cannot be read. */
  readonly cronFault: string | null;
  /** The subject that Tocsin would write; empty while it is not known. */
  readonly subject: string;
}

/** Asks the agent about the draft once it rests. */
export function useLiveReport(draft: ReportDraft): LiveReport {
  const sound = previewable(draft);
  const report = useDebounced(
    { ...sound, recipients: [], emailProperties: { ...sound.emailProperties, subject: null } },
    QUIET_MS,
  );
  const { value } = useLoaded('reports.preview', { report });
  const isOfThis = report.cron === sound.cron;
  if (value === null || !isOfThis) return { next: null, cronFault: null, subject: '' };
  if ('faults' in value) {
    return { next: null, cronFault: faultAt(entryFaults(value.faults, 'reports'), 'cron'), subject: '' };
  }
  return { next: value.next, cronFault: null, subject: value.mail.subject };
}

/** The draft as a report that can be written, even while it has no name yet. */
export function previewable(draft: ReportDraft): ReportSettings {
  const report = reportOf(draft);
  return { ...report, name: report.name === '' ? REPORTS.newName : report.name.slice(0, 100) };
}
