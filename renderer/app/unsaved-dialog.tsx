import { ConfirmDialog } from '../components/dialog.tsx';
import { useHeldBack } from '../hooks/use-router.tsx';
import { SHELL } from '../strings/shell.ts';

/** Asks what is to become of what is unsaved, when something leads away from it. */
export function UnsavedDialog() {
  const heldBack = useHeldBack();
  return (
    <ConfirmDialog
      title={SHELL.unsavedTitle}
      isOpen={heldBack !== null}
      confirm={SHELL.leave}
      cancel={SHELL.stay}
      isDanger
      onConfirm={() => heldBack?.proceed()}
      onCancel={() => heldBack?.stay()}
    >
      {SHELL.unsaved}
    </ConfirmDialog>
  );
}
