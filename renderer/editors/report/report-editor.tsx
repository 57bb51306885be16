import { useState } from 'react';
import type { ReportSettings } from '../../../shared/contract/settings.ts';
import { faultAt } from '../../model/entry-faults.ts';
import { reportDraft, reportOf } from '../../model/report-draft.ts';
import { EDITOR } from '../../strings/editor.ts';
import { EMAIL_PROPERTIES } from '../../strings/email-properties.ts';
import { REPORTS } from '../../strings/reports.ts';
import { OverridableProperties } from '../email-properties/overridable-properties.tsx';
import { EntryDialog } from '../entry/entry-dialog.tsx';
import { NameFields } from '../entry/name-fields.tsx';
import { PreviewButtons } from '../entry/preview-buttons.tsx';
import type { PreviewKind } from '../entry/preview-dialog.tsx';
import { RecipientsTab } from '../entry/recipients-tab.tsx';
import { useEntryEditor } from '../entry/use-entry-editor.ts';
import { ReportPreview } from './report-preview.tsx';
import { ScheduleTab } from './schedule-tab.tsx';
import { useLiveReport } from './use-live-report.ts';

export interface ReportEditorProps {
  /** As it stands in the settings; null for a new one. */
  readonly before: ReportSettings | null;
  readonly start: ReportSettings;
  readonly onClose: () => void;
}

/** The window of a status report. */
export function ReportEditor({ before, start, onClose }: ReportEditorProps) {
  const editor = useEntryEditor({
    list: 'reports',
    before,
    draft: reportDraft(start),
    toEntry: reportOf,
    onClose,
  });
  const [preview, setPreview] = useState<PreviewKind | null>(null);
  const { draft, change, faults } = editor;
  const live = useLiveReport(draft);
  return (
    <>
      <EntryDialog
        title={before === null ? REPORTS.newTitle : before.name}
        editor={editor}
        aside={<PreviewButtons kinds={['mail', 'text']} onPreview={setPreview} />}
        tabs={[
          {
            id: 'general',
            title: EDITOR.general,
            paths: ['name', 'enabled'],
            content: (
              <div className="groups entry-fields">
                <NameFields draft={draft} change={change} faults={faults} enabledNote={REPORTS.enabledNote} />
              </div>
            ),
          },
          {
            id: 'schedule',
            title: REPORTS.schedule,
            paths: ['cron'],
            content: (
              <ScheduleTab
                schedule={draft.schedule}
                onChange={(schedule) => change({ schedule })}
                fault={faultAt(faults, 'cron') ?? live.cronFault}
                next={live.next}
              />
            ),
          },
          {
            id: 'recipients',
            title: EDITOR.recipients,
            paths: ['recipients'],
            content: (
              <RecipientsTab
                values={draft.recipients}
                onChange={(recipients) => change({ recipients })}
                faults={faults}
                whenNone={REPORTS.whenNone}
              />
            ),
          },
          {
            id: 'email',
            title: EDITOR.emailProperties,
            paths: ['emailProperties'],
            content: (
              <OverridableProperties
                properties={draft.emailProperties}
                onChange={(emailProperties) => change({ emailProperties })}
                faults={faults}
                automaticSubject={live.subject}
                subjectNote={EMAIL_PROPERTIES.reportSubjectNote}
              />
            ),
          },
        ]}
      />
      {preview !== null && <ReportPreview kind={preview} draft={draft} onClose={() => setPreview(null)} />}
    </>
  );
}
