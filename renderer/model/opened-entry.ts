import { copyName } from './alert-row.ts';

/** What an editor is opened with. */
export interface OpenedEntry<Entry> {
  /** As it stands in the settings; null for a new one. */
  readonly before: Entry | null;
  /** What the editor begins with. */
  readonly start: Entry;
}

/**
 * The entry that the address behind a page's name asks for: `NAME` opens one, `new/KIND` makes one by `create`,
 * `copy/NAME` copies one. So a reload opens it again. Null where there is none of that name or kind.
 */
export function openedEntry<Entry extends { readonly name: string }>(
  rest: readonly string[],
  entries: readonly Entry[],
  create: (kind: string) => Entry | null,
): OpenedEntry<Entry> | null {
  const [first = '', second] = rest;
  const find = (name: string) => entries.find((entry) => entry.name === name) ?? null;
  if (second === undefined) {
    const before = find(first);
    return before === null ? null : { before, start: before };
  }
  if (first === 'copy') {
    const source = find(second);
    if (source === null) return null;
    const name = copyName(
      source.name,
      entries.map((entry) => entry.name),
    );
    return { before: null, start: { ...source, name } };
  }
  if (first !== 'new') return null;
  const start = create(second);
  return start === null ? null : { before: null, start };
}

/** The name for a new entry: as proposed, or with a number behind where another one has it, in any case of letters. */
export function freeName(proposed: string, entries: readonly { readonly name: string }[]): string {
  const taken = entries.map(({ name }) => name);
  const isTaken = taken.some((name) => name.toLowerCase() === proposed.toLowerCase());
  return isTaken ? copyName(proposed, taken) : proposed;
}
