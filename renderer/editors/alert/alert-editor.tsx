import './alert-editor.css';
import { useState } from 'react';
import type { AlertSettings } from '../../../shared/contract/settings.ts';
import { Button } from '../../components/button.tsx';
import { alertDraft, alertOf } from '../../model/alert-draft.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { EDITOR } from '../../strings/editor.ts';
import { EMAIL_PROPERTIES } from '../../strings/email-properties.ts';
import { OverridableProperties } from '../email-properties/overridable-properties.tsx';
import { EntryDialog } from '../entry/entry-dialog.tsx';
import { PreviewButtons } from '../entry/preview-buttons.tsx';
import type { PreviewKind } from '../entry/preview-dialog.tsx';
import { RecipientsTab } from '../entry/recipients-tab.tsx';
import { useEntryEditor } from '../entry/use-entry-editor.ts';
import { AlertPreview } from './alert-preview.tsx';
import { ConditionsTab } from './conditions-tab.tsx';
import { GeneralTab } from './general-tab.tsx';
import { SmsTab } from './sms-tab.tsx';
import { TestAlertDialog } from './test-alert-dialog.tsx';
import { useLiveConditions } from './use-live-conditions.ts';

export interface AlertEditorProps {
  /** As it stands in the settings; null for a new one. */
  readonly before: AlertSettings | null;
  /** What the editor begins with. */
  readonly start: AlertSettings;
  /** How a target may look, for those that are still empty: from the template. */
  readonly example?: string | undefined;
  readonly onClose: () => void;
}

/** The window of a conditional alert. */
export function AlertEditor({ before, start, example, onClose }: AlertEditorProps) {
  const editor = useEntryEditor({
    list: 'alerts',
    before,
    draft: alertDraft(start),
    toEntry: alertOf,
    onClose,
  });
  const [preview, setPreview] = useState<PreviewKind | null>(null);
  const [tested, setTested] = useState<AlertSettings | null>(null);
  const { draft, change, faults } = editor;
  const live = useLiveConditions(draft);
  const tab = { draft, change, faults };
  return (
    <>
      <EntryDialog
        title={before === null ? ALERTS.newTitle : before.name}
        editor={editor}
        aside={
          <>
            <PreviewButtons kinds={['mail', 'text', 'sms']} onPreview={setPreview} />
            <Button
              onPress={() => {
                if (editor.check().length === 0) setTested(alertOf(draft));
              }}
            >
              {ALERTS.testButton}
            </Button>
          </>
        }
        tabs={[
          {
            id: 'general',
            title: EDITOR.general,
            paths: ['name', 'enabled', 'severity', 'notifyOnRecovery', 'repeatMinutes'],
            content: <GeneralTab {...tab} />,
          },
          {
            id: 'conditions',
            title: ALERTS.conditions,
            paths: ['conditions', 'match', 'unknownAfterSeconds'],
            content: <ConditionsTab {...tab} live={live} example={example} />,
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
                whenNone={ALERTS.whenNone}
              />
            ),
          },
          { id: 'sms', title: ALERTS.sms, paths: ['sms'], content: <SmsTab {...tab} /> },
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
                subjectNote={EMAIL_PROPERTIES.subjectNote}
              />
            ),
          },
        ]}
      />
      {preview !== null && <AlertPreview kind={preview} draft={draft} onClose={() => setPreview(null)} />}
      {tested !== null && <TestAlertDialog alert={tested} onClose={() => setTested(null)} />}
    </>
  );
}
