import type { MenuAction } from '../../components/menu.tsx';
import { type SwitchedList, useEntryActions } from '../../editors/entry/use-entry-actions.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import type { EntryOf } from '../../model/settings-change.ts';
import { ENTRY_MENU } from '../../strings/editor.ts';

/** The menu of a row: edit, what is the list's own, duplicate, turn on or off, delete. */
export function useEntryMenu<List extends SwitchedList>(
  page: string,
  list: List,
): (entry: EntryOf<List>, own?: readonly MenuAction[]) => readonly MenuAction[] {
  const router = useRouter();
  const entries = useEntryActions(list);
  return (entry, own = []) => [
    { id: 'edit', label: ENTRY_MENU.edit, onAction: () => router.navigate(page, entry.name) },
    {
      id: 'duplicate',
      label: ENTRY_MENU.duplicate,
      onAction: () => router.navigate(page, 'copy', entry.name),
    },
    {
      id: 'turn',
      label: entry.enabled ? ENTRY_MENU.turnOff : ENTRY_MENU.turnOn,
      onAction: () => void entries.change(entry, { ...entry, enabled: !entry.enabled }),
    },
    ...own,
    {
      id: 'remove',
      label: ENTRY_MENU.remove,
      isDanger: true,
      onAction: () => void entries.remove(entry),
    },
  ];
}
