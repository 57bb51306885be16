import { useState } from 'react';
import { hrefOf } from '../../../renderer/app/router.ts';
import { Button } from '../../../renderer/components/button.tsx';
import { Dialog } from '../../../renderer/components/dialog.tsx';
import { TextField } from '../../../renderer/components/text-field.tsx';
import { useRoute, useUnsavedGuard } from '../../../renderer/hooks/use-router.tsx';

/** An editor as pages have them: closes at once while nothing was changed, else asks. */
export function Editor() {
  const { page } = useRoute();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const leave = useUnsavedGuard(name !== '');
  const close = () =>
    leave(() => {
      setName('');
      setOpen(false);
    });
  return (
    <>
      <Button onPress={() => setOpen(true)}>Edit</Button>
      <a href={hrefOf('elsewhere')}>Elsewhere</a>
      <p>Page: {page === '' ? 'first' : page}</p>
      <Dialog title="Editor" isOpen={isOpen} onClose={close} footer={<Button onPress={close}>Cancel</Button>}>
        <TextField label="Name" value={name} onChange={setName} autoFocus />
      </Dialog>
    </>
  );
}
