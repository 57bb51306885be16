import type { ReportSettings, Settings } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { GoneDialog } from '../../editors/entry/gone-dialog.tsx';
import { ReportEditor } from '../../editors/report/report-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { copyName } from '../../model/alert-row.ts';
import { REPORTS } from '../../strings/reports.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { ReportList } from './report-list.tsx';

/** The reports, when each is sent, and what became of the last one. */
export function ReportsPage({ rest }: PageProps) {
  const router = useRouter();
  const { view, failure } = useSettings();
  const create = () => router.navigate('reports', 'new', 'daily');
  if (view === null) {
    return (
      <>
        <PageHeader title={NAVIGATION.reports} />
        {failure !== null && <Banner state="critical">{failure}</Banner>}
      </>
    );
  }
  const { reports } = view.settings;
  const close = () => router.navigate('reports');
  const opened = rest.length === 0 ? null : openedBy(rest, view.settings);
  return (
    <>
      <PageHeader
        title={NAVIGATION.reports}
        action={
          <Button look="primary" onPress={create}>
            {REPORTS.newReport}
          </Button>
        }
      />
      {reports.length === 0 ? (
        <EmptyState title={REPORTS.emptyTitle} action={<Button onPress={create}>{REPORTS.first}</Button>}>
          {REPORTS.empty}
        </EmptyState>
      ) : (
        <ReportList reports={reports} />
      )}
      {opened !== null && <ReportEditor key={rest.join('/')} {...opened} onClose={close} />}
      {opened === null && rest.length > 0 && <GoneDialog title={rest.at(-1) ?? ''} onClose={close} />}
    </>
  );
}

interface Opened {
  readonly before: ReportSettings | null;
  readonly start: ReportSettings;
}

/** `#/reports/NAME` opens a report, `#/reports/new/daily` a new one, `#/reports/copy/NAME` a copy. */
function openedBy([first = '', second]: readonly string[], { reports }: Settings): Opened | null {
  const names = reports.map(({ name }) => name);
  const find = (name: string) => reports.find((report) => report.name === name) ?? null;
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
  return first === 'new' ? { before: null, start: newReport(names) } : null;
}

function newReport(names: readonly string[]): ReportSettings {
  const isTaken = names.some((name) => name.toLowerCase() === REPORTS.newName.toLowerCase());
  return {
    name: isTaken ? copyName(REPORTS.newName, names) : REPORTS.newName,
    enabled: true,
    cron: '0 8 * * 1-5',
    recipients: [],
    emailProperties: { smtpOverride: false, subject: null, format: 'installation', priority: 'normal' },
  };
}
