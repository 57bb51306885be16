import type { ReportSettings } from '../../../shared/contract/settings.ts';
import type { PageProps } from '../../app/pages.ts';
import { ReportEditor } from '../../editors/report/report-editor.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { freeName, openedEntry } from '../../model/opened-entry.ts';
import { REPORTS } from '../../strings/reports.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { EntriesPage } from '../entries/entries-page.tsx';
import { OpenedEditor } from '../entries/opened-editor.tsx';
import { ReportList } from './report-list.tsx';

/** The reports, when each is sent, and what became of the last one. */
export function ReportsPage({ rest }: PageProps) {
  const router = useRouter();
  const close = () => router.navigate('reports');
  return (
    <EntriesPage
      title={NAVIGATION.reports}
      words={REPORTS}
      onCreate={() => router.navigate('reports', 'new', 'daily')}
      list="reports"
    >
      {({ reports }) => (
        <>
          {reports.length > 0 && <ReportList reports={reports} />}
          <OpenedEditor
            rest={rest}
            opened={openedEntry(rest, reports, () => newReport(reports))}
            onClose={close}
          >
            {(opened, key) => <ReportEditor key={key} {...opened} onClose={close} />}
          </OpenedEditor>
        </>
      )}
    </EntriesPage>
  );
}

function newReport(reports: readonly ReportSettings[]): ReportSettings {
  return {
    name: freeName(REPORTS.newName, reports),
    enabled: true,
    cron: '0 8 * * 1-5',
    recipients: [],
    emailProperties: { smtpOverride: false, subject: null, format: 'installation', priority: 'normal' },
  };
}
