import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function LogPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.log} />
      <EmptyState title="This page does not show deliveries yet.">
        The delivery log says of every message and every recipient what became of it. Until then, “tocsin log”
        shows them.
      </EmptyState>
    </>
  );
}
