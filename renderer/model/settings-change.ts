import type { Settings } from '../../shared/contract/settings.ts';

/**
 * Makes the new settings from those in force. Gives null where what is being edited is no longer as it was when the
 * editor opened: somebody else has changed it since.
 */
export type SettingsChange = (current: Settings) => Settings | null;

export type ListName = {
  [Key in keyof Settings]: Settings[Key] extends readonly unknown[] ? Key : never;
}[keyof Settings];
export type EntryOf<List extends ListName> = Settings[List][number];

/**
 * Changes one entry of a list of the settings: `before` as it was read, or null to add one; `after` as it is to be, or null
 * to remove it. Entries are the same if they are equal, so that a change elsewhere in the settings is no conflict.
 */
export function changeEntry<List extends ListName>(
  list: List,
  before: EntryOf<List> | null,
  after: EntryOf<List> | null,
): SettingsChange {
  return (current) => {
    const entries = current[list] as EntryOf<List>[];
    if (before === null) return after === null ? current : { ...current, [list]: [...entries, after] };
    const at = entries.findIndex((entry) => isSame(entry, before));
    if (at < 0) return null;
    const changed = after === null ? entries.toSpliced(at, 1) : entries.with(at, after);
    return { ...current, [list]: changed };
  };
}

/** Puts an entry that was removed back to its place, for "Undo"; null where its name has been taken meanwhile. */
export function restoreEntry<List extends ListName>(
  list: List,
  entry: EntryOf<List>,
  at: number,
): SettingsChange {
  return (current) => {
    const entries = current[list] as EntryOf<List>[];
    const isTaken = entries.some((other) => nameOf(other) === nameOf(entry));
    return isTaken ? null : { ...current, [list]: entries.toSpliced(at, 0, entry) };
  };
}

function nameOf(entry: { readonly name: string }): string {
  return entry.name.toLowerCase();
}

/** Changes one section of the settings, such as `smtp`. */
export function changeSection<Key extends keyof Settings>(
  key: Key,
  before: Settings[Key],
  after: Settings[Key],
): SettingsChange {
  return (current) => (isSame(current[key], before) ? { ...current, [key]: after } : null);
}

/** Equal in all that the settings file can hold, in whatever order the keys stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = definedEntries(one);
  const right = new Map(definedEntries(other));
  return left.length === right.size && left.every(([key, value]) => isSame(value, right.get(key)));
}

/** A key that holds nothing is not written to the file. */
function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, entry]) => entry !== undefined);
}
