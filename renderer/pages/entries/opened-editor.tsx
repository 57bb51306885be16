import type { ReactNode } from 'react';
import { GoneDialog } from '../../editors/entry/gone-dialog.tsx';

/** The editor of what the address opens (`rest` behind the page's name); says so where that is gone. */
export function OpenedEditor<Opened>({
  rest,
  opened,
  onClose,
  children,
}: {
  readonly rest: readonly string[];
  readonly opened: Opened | null;
  readonly onClose: () => void;
  /** Given a `key` of the address, so that another address is another editor. */
  readonly children: (opened: Opened, key: string) => ReactNode;
}) {
  if (rest.length === 0) return null;
  if (opened === null) return <GoneDialog title={rest.at(-1) ?? ''} onClose={onClose} />;
  return children(opened, rest.join('/'));
}
