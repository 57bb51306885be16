import type { FileAlertSettings } from '../../../shared/contract/settings.ts';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { LatestMessage } from '../../../shared/model/delivery.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { AddressList } from '../../editors/entry/address-list.tsx';
import { LastOutcome } from '../../editors/entry/last-outcome.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useLatest } from '../../hooks/use-latest.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { FILES, rejectedText, waitingText } from '../../strings/files.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { nameColumn } from '../entries/name-column.tsx';
import { useEntryMenu } from '../entries/use-entry-menu.ts';

interface FileAlertRow {
  readonly fileAlert: FileAlertSettings;
  /** Null while nobody has looked yet. */
  readonly look: ReplyOf<'files.look'>[number] | null;
  readonly latest: LatestMessage | null;
}

const AGAIN_MS = 5000;

/** The file alerts as a table, with what lies in their folders now. */
export function FileAlertList({ fileAlerts }: { readonly fileAlerts: readonly FileAlertSettings[] }) {
  const router = useRouter();
  const latest = useLatest('file-alert');
  const menu = useEntryMenu('files', 'fileAlerts');
  const again = Math.floor(useNow(AGAIN_MS) / AGAIN_MS);
  const { value: looks } = useLoaded(
    'files.look',
    { folders: fileAlerts.map(({ folder }) => folder) },
    again,
  );
  const rows = fileAlerts.map((fileAlert, at) => ({
    fileAlert,
    look: looks?.[at] ?? null,
    latest: latest.get(fileAlert.name) ?? null,
  }));
  return (
    <div className="card">
      <DataTable
        label={NAVIGATION.files}
        columns={COLUMNS}
        items={rows}
        itemKey={({ fileAlert }) => fileAlert.name}
        itemName={({ fileAlert }) => fileAlert.name}
        onOpen={({ fileAlert }) => router.navigate('files', fileAlert.name)}
        actions={({ fileAlert }) => menu(fileAlert)}
      />
    </div>
  );
}

const COLUMNS: readonly DataColumn<FileAlertRow>[] = [
  nameColumn(FILES.columns.name, '2fr', ({ fileAlert }) => fileAlert.name),
  {
    id: 'folder',
    title: FILES.columns.folder,
    width: '3fr',
    render: ({ fileAlert }) => (
      <span className="two-lines" title={fileAlert.folder}>
        {fileAlert.folder}
      </span>
    ),
  },
  {
    id: 'requests',
    title: FILES.columns.requests,
    width: '2fr',
    render: (row) => <Requests {...row} />,
  },
  {
    id: 'last',
    title: FILES.columns.last,
    width: '2fr',
    render: ({ latest }) => <LastOutcome latest={latest} none={FILES.neverMailed} />,
  },
  {
    id: 'recipients',
    title: FILES.columns.recipients,
    width: '2fr',
    isExtra: true,
    render: ({ fileAlert }) => <AddressList addresses={fileAlert.recipients} />,
  },
];

function Requests({ fileAlert, look }: FileAlertRow) {
  if (!fileAlert.enabled) return <StateMark state="paused" word={FILES.off} />;
  if (look === null) return <span className="muted">{FILES.looking}</span>;
  if (look.problem !== null) {
    return (
      <span className="row" title={look.problem}>
        <StateMark state="critical" />
        <span className="two-lines">{look.problem}</span>
      </span>
    );
  }
  return (
    <span className="stack-tight">
      <span>{look.waiting === 0 ? FILES.nothingWaits : waitingText(look.waiting)}</span>
      {look.rejectedCount > 0 && <StateMark state="warning" word={rejectedText(look.rejectedCount)} />}
    </span>
  );
}
