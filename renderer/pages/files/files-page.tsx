import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { NAVIGATION } from '../../strings/shell.ts';

/** Says what belongs here and how to see to it until the page shows it. */
export function FilesPage() {
  return (
    <>
      <PageHeader title={NAVIGATION.files} />
      <EmptyState title="This page does not show file alerts yet.">
        With a file alert, another program drops a request into a folder, and Tocsin mails it. Until then,
        “tocsin export” shows them, and “tocsin import” changes them.
      </EmptyState>
    </>
  );
}
