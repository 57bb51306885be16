import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function EventsPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.events} />
      <EmptyState title="This page does not show SMTP events yet.">
        A rule for SMTP events says what happens when the mail path itself fails. Until then, “tocsin export”
        shows them, and “tocsin import” changes them.
      </EmptyState>
    </>
  );
}
