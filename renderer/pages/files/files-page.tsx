import type { FileAlertSettings } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { FileAlertEditor } from '../../editors/file-alert/file-alert-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { openedEntry } from '../../model/opened-entry.ts';
import { FILES } from '../../strings/files.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { EntriesPage } from '../entries/entries-page.tsx';
import { OpenedEditor } from '../entries/opened-editor.tsx';
import { FileAlertList } from './file-alert-list.tsx';

/** The folders that other programs drop requests into, and what lies in them. */
export function FilesPage({ rest }: PageProps) {
  const router = useRouter();
  const close = () => router.navigate('files');
  return (
    <EntriesPage
      title={NAVIGATION.files}
      words={FILES}
      onCreate={() => router.navigate('files', 'new', 'empty')}
      list="fileAlerts"
    >
      {({ fileAlerts }) => (
        <>
          {fileAlerts.length > 0 && <FileAlertList fileAlerts={fileAlerts} />}
          <OpenedEditor rest={rest} opened={openedEntry(rest, fileAlerts, () => EMPTY)} onClose={close}>
            {(opened, key) => <FileAlertEditor key={key} {...opened} onClose={close} />}
          </OpenedEditor>
        </>
      )}
    </EntriesPage>
  );
}

const EMPTY: FileAlertSettings = {
  name: '',
  enabled: true,
  folder: '',
  recipients: [],
  emailProperties: { subject: null, format: 'installation', priority: 'normal' },
};
