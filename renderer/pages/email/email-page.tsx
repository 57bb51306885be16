import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function EmailPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.email} />
      <EmptyState title="This page does not show mail settings yet.">
        Which mail servers Tocsin hands its mail to, and in whose name it writes. Until then, “tocsin export”
        shows them, and “tocsin import” changes them.
      </EmptyState>
    </>
  );
}
