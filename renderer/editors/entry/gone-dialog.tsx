import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EDITOR } from '../../strings/editor.ts';

/** For an address that names an entry which is not there. */
export function GoneDialog({ title, onClose }: { readonly title: string; readonly onClose: () => void }) {
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      footer={
        <Button look="primary" onPress={onClose} autoFocus>
          {EDITOR.backToList}
        </Button>
      }
    >
      <p>{EDITOR.gone}</p>
    </Dialog>
  );
}
