import type { FileAlertSettings, Settings } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { GoneDialog } from '../../editors/entry/gone-dialog.tsx';
import { FileAlertEditor } from '../../editors/file-alert/file-alert-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { copyName } from '../../model/alert-row.ts';
import { FILES } from '../../strings/files.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { FileAlertList } from './file-alert-list.tsx';

/** The folders that other programs drop requests into, and what lies in them. */
export function FilesPage({ rest }: PageProps) {
  const router = useRouter();
  const { view, failure } = useSettings();
  const create = () => router.navigate('files', 'new', 'empty');
  if (view === null) {
    return (
      <>
        <PageHeader title={NAVIGATION.files} />
        {failure !== null && <Banner state="critical">{failure}</Banner>}
      </>
    );
  }
  const { fileAlerts } = view.settings;
  const close = () => router.navigate('files');
  const opened = rest.length === 0 ? null : openedBy(rest, view.settings);
  return (
    <>
      <PageHeader
        title={NAVIGATION.files}
        action={
          <Button look="primary" onPress={create}>
            {FILES.newAlert}
          </Button>
        }
      />
      {fileAlerts.length === 0 ? (
        <EmptyState title={FILES.emptyTitle} action={<Button onPress={create}>{FILES.first}</Button>}>
          {FILES.empty}
        </EmptyState>
      ) : (
        <FileAlertList fileAlerts={fileAlerts} />
      )}
      {opened !== null && <FileAlertEditor key={rest.join('/')} {...opened} onClose={close} />}
      {opened === null && rest.length > 0 && <GoneDialog title={rest.at(-1) ?? ''} onClose={close} />}
    </>
  );
}

interface Opened {
  readonly before: FileAlertSettings | null;
  readonly start: FileAlertSettings;
}

/** `#/files/NAME` opens a file alert, `#/files/new/empty` a new one, `#/files/copy/NAME` a copy. */
function openedBy([first = '', second]: readonly string[], { fileAlerts }: Settings): Opened | null {
  const names = fileAlerts.map(({ name }) => name);
  const find = (name: string) => fileAlerts.find((each) => each.name === name) ?? null;
  if (second === undefined) {
    const before = find(first);
    return before === null ? null : { before, start: before };
  }
  if (first === 'copy') {
    const source = find(second);
    return source === null
      ? null
      : { before: null, start: { ...source, name: copyName(source.name, names) } };
  }
  return first === 'new' ? { before: null, start: EMPTY } : null;
}

const EMPTY: FileAlertSettings = {
  name: '',
  enabled: true,
  folder: '',
  recipients: [],
  emailProperties: { subject: null, format: 'installation', priority: 'normal' },
};
