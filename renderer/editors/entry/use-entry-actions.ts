import { tellDone, tellFailed } from '../../components/toast.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import {
  changeEntry,
  type EntryOf,
  isSame,
  type ListName,
  restoreEntry,
  type SettingsChange,
} from '../../model/settings-change.ts';
import { EDITOR, notChangedText, removedText, turnedText } from '../../strings/editor.ts';

/** Entries that can be turned off. */
export type SwitchedList = Exclude<ListName, 'maintenance'>;

/** Changes to an entry that a list makes by itself. */
export interface EntryActions<List extends SwitchedList> {
  /** Turns it on or off; "Undo" does the opposite. */
  readonly change: (before: EntryOf<List>, after: EntryOf<List>) => Promise<void>;
  /** "Undo" puts it back to its place. */
  readonly remove: (entry: EntryOf<List>) => Promise<void>;
}

/** What the menu of a row does to the settings. What comes of it is told in a message. */
export function useEntryActions<List extends SwitchedList>(list: List): EntryActions<List> {
  const { view, save } = useSettings();
  const apply = async (name: string, change: SettingsChange): Promise<boolean> => {
    const reply = await save(change);
    switch (reply.outcome) {
      case 'saved':
        return true;
      case 'invalid':
        tellFailed(
          notChangedText(name, reply.faults.map(({ path, message }) => `${path} ${message}`).join('; ')),
        );
        return false;
      case 'conflict':
        tellFailed(notChangedText(name, EDITOR.changedElsewhere));
        return false;
      case 'failed':
        tellFailed(notChangedText(name, reply.sentence));
        return false;
    }
  };
  const change = async (before: EntryOf<List>, after: EntryOf<List>) => {
    if (!(await apply(before.name, changeEntry(list, before, after)))) return;
    tellDone(
      turnedText(after.name, after.enabled),
      () => void apply(before.name, changeEntry(list, after, before)),
    );
  };
  const remove = async (entry: EntryOf<List>) => {
    const at = (view?.settings[list] ?? []).findIndex((other) => isSame(other, entry));
    if (!(await apply(entry.name, changeEntry(list, entry, null)))) return;
    tellDone(
      removedText(entry.name),
      () => void apply(entry.name, restoreEntry(list, entry, Math.max(0, at))),
    );
  };
  return { change, remove };
}
