import type { ReportSettings } from '../../../shared/contract/settings.ts';
import type { LatestMessage } from '../../../shared/model/delivery.ts';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeUntil } from '../../components/time-ago.tsx';
import { AddressList } from '../../editors/entry/address-list.tsx';
import { LastOutcome } from '../../editors/entry/last-outcome.tsx';
import { useLatest } from '../../hooks/use-latest.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { useStatus } from '../../hooks/use-status.tsx';
import { scheduleText } from '../../model/schedule.ts';
import { REPORTS } from '../../strings/reports.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { nameColumn } from '../entries/name-column.tsx';
import { useEntryMenu } from '../entries/use-entry-menu.ts';
import { type SendReport, useSendReport } from './use-send-report.ts';

interface ReportRow {
  readonly report: ReportSettings;
  readonly nextAt: number | null;
  readonly latest: LatestMessage | null;
}

/** The reports as a table, each with its outcome and the button that sends it. */
export function ReportList({ reports }: { readonly reports: readonly ReportSettings[] }) {
  const router = useRouter();
  const status = useStatus();
  const latest = useLatest('report');
  const sender = useSendReport();
  const menu = useEntryMenu('reports', 'reports');
  const columns = columnsOf(sender);
  const rows = reports.map((report) => ({
    report,
    nextAt: status?.reports.find(({ name }) => name === report.name)?.nextAt ?? null,
    latest: latest.get(report.name) ?? null,
  }));
  return (
    <div className="card">
      <DataTable
        label={NAVIGATION.reports}
        columns={columns}
        items={rows}
        itemKey={({ report }) => report.name}
        itemName={({ report }) => report.name}
        onOpen={({ report }) => router.navigate('reports', report.name)}
        actions={({ report }) =>
          menu(report, [
            { id: 'send', label: REPORTS.sendNow, onAction: () => void sender.send(report.name) },
          ])
        }
      />
    </div>
  );
}

function columnsOf({ send, sending }: SendReport): readonly DataColumn<ReportRow>[] {
  const { columns } = REPORTS;
  return [
    nameColumn(columns.name, '2fr', ({ report }) => report.name),
    {
      id: 'schedule',
      title: columns.schedule,
      width: '2fr',
      render: ({ report }) => scheduleText(report.cron),
    },
    {
      id: 'next',
      title: columns.next,
      width: 104,
      isExtra: true,
      sortBy: ({ nextAt }) => nextAt,
      render: (row) => <Next {...row} />,
    },
    {
      id: 'last',
      title: columns.last,
      width: '2fr',
      render: ({ latest }) => <LastOutcome latest={latest} none={REPORTS.never} />,
    },
    {
      id: 'recipients',
      title: columns.recipients,
      width: '2fr',
      isExtra: true,
      render: ({ report }) => <AddressList addresses={report.recipients} />,
    },
    {
      id: 'send',
      title: columns.send,
      width: 104,
      render: ({ report }) => (
        <Button
          aria-label={`${REPORTS.sendNow}: ${report.name}`}
          isPending={sending.includes(report.name)}
          onPress={() => void send(report.name)}
        >
          {REPORTS.sendNow}
        </Button>
      ),
    },
  ];
}

function Next({ report, nextAt }: ReportRow) {
  if (!report.enabled) return <StateMark state="paused" word={REPORTS.off} />;
  return nextAt === null ? <span className="muted">{REPORTS.onDemand}</span> : <TimeUntil at={nextAt} />;
}
