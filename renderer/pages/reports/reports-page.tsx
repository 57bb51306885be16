import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function ReportsPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.reports} />
      <EmptyState title="This page does not show status reports yet.">
        A status report mails the whole state of this computer, on a schedule or when asked for. Until then,
        “tocsin export” shows them, and “tocsin import” changes them.
      </EmptyState>
    </>
  );
}
