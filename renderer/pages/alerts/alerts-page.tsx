import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function AlertsPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.alerts} />
      <EmptyState title="This page does not show conditional alerts yet.">
        A conditional alert watches something on this computer, and mails people when it passes a limit and
        when it is over. Until then, “tocsin export” shows them, and “tocsin import” changes them.
      </EmptyState>
    </>
  );
}
