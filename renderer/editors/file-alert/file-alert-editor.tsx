import './file-alert.css';
import type { FileAlertSettings } from '../../../shared/contract/settings.ts';
import { Banner } from '../../components/banner.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { TextField } from '../../components/text-field.tsx';
import { faultAt } from '../../model/entry-faults.ts';
import { type FileAlertDraft, fileAlertOf } from '../../model/file-alert-draft.ts';
import { EDITOR } from '../../strings/editor.ts';
import { EMAIL_PROPERTIES } from '../../strings/email-properties.ts';
import { EXAMPLE_REQUEST, FILES } from '../../strings/files.ts';
import { EmailPropertiesFields, type PlainEmailProperties } from '../email-properties/email-properties.tsx';
import { EntryDialog } from '../entry/entry-dialog.tsx';
import { NameFields } from '../entry/name-fields.tsx';
import { RecipientsTab } from '../entry/recipients-tab.tsx';
import { useEntryEditor } from '../entry/use-entry-editor.ts';
import { FolderLook } from './folder-look.tsx';

export interface FileAlertEditorProps {
  /** As it stands in the settings; null for a new one. */
  readonly before: FileAlertSettings | null;
  readonly start: FileAlertSettings;
  readonly onClose: () => void;
}

/** The window of a file alert. There is no SMTP override here, and it says why. */
export function FileAlertEditor({ before, start, onClose }: FileAlertEditorProps) {
  const editor = useEntryEditor<'fileAlerts', FileAlertDraft>({
    list: 'fileAlerts',
    before,
    draft: start,
    toEntry: fileAlertOf,
    onClose,
  });
  const { draft, change, faults } = editor;
  const folderFault = faultAt(faults, 'folder');
  const changeProperties = (part: Partial<PlainEmailProperties>) =>
    change({ emailProperties: { ...draft.emailProperties, ...part } });
  return (
    <EntryDialog
      title={before === null ? FILES.newTitle : before.name}
      editor={editor}
      tabs={[
        {
          id: 'general',
          title: EDITOR.general,
          paths: ['name', 'enabled', 'folder'],
          content: (
            <div className="groups entry-fields">
              <NameFields draft={draft} change={change} faults={faults} enabledNote={FILES.enabledNote} />
              <div className="stack stretched">
                <TextField
                  label={FILES.folder}
                  value={draft.folder}
                  onChange={(folder) => change({ folder })}
                  placeholder="/var/spool/backup-alerts"
                  note={FILES.folderNote}
                  fault={
                    folderFault !== null && draft.folder.trim() === '' ? FILES.folderMissing : folderFault
                  }
                />
                <FolderLook folder={draft.folder.trim()} />
              </div>
              <HowTo />
            </div>
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
              whenNone={FILES.whenNone}
            />
          ),
        },
        {
          id: 'email',
          title: EDITOR.emailProperties,
          paths: ['emailProperties'],
          content: (
            <EmailPropertiesFields
              first={
                <Banner state="unknown">
                  <strong>{EMAIL_PROPERTIES.noOverrideTitle}.</strong> {EMAIL_PROPERTIES.noOverride}
                </Banner>
              }
              properties={draft.emailProperties}
              onChange={changeProperties}
              isOverridden={false}
              faults={faults}
              automaticSubject=""
              subjectNote={EMAIL_PROPERTIES.fileSubjectNote}
            />
          ),
        },
      ]}
    />
  );
}

function HowTo() {
  return (
    <section className="stack" aria-label={FILES.how}>
      <h3>{FILES.how}</h3>
      <ol className="how-to">
        {FILES.howSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className="example-request">
        <pre aria-label={FILES.example}>{EXAMPLE_REQUEST}</pre>
        <CopyButton text={EXAMPLE_REQUEST} label={FILES.copy} done={FILES.copied} />
      </div>
    </section>
  );
}
