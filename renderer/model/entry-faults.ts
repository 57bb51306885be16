import type { SettingsFault } from '../../shared/contract/settings-rules.ts';

/** What is wrong with an entry of the settings that is being edited; its paths begin within the entry. */
export type EntryFaults = readonly SettingsFault[];

/** What is wrong with exactly this field, as a sentence; null where nothing is. */
export function faultAt(faults: EntryFaults, path: string): string | null {
  const fault = faults.find((each) => each.path === path);
  return fault === undefined ? null : faultSentence(fault.message);
}

/** What is wrong with this field or with anything inside it, such as one of several addresses. */
export function faultWithin(faults: EntryFaults, path: string): string | null {
  const fault = faults.find((each) => isWithin(each.path, path));
  return fault === undefined ? null : faultSentence(fault.message);
}

/** How many faults stand on a tab that shows these fields. */
export function faultCount(faults: EntryFaults, paths: readonly string[]): number {
  return faults.filter(({ path }) => paths.some((outer) => isWithin(path, outer))).length;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && ['.', '['].includes(path.charAt(outer.length)));
}

/** A fault is written to be read after its path; below its field it is a sentence of its own. */
export function faultSentence(message: string): string {
  if (message.endsWith(', not null')) return 'Type a number.';
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.?]$/.test(begun) ? begun : `${begun}.`;
}

/** Faults of the whole settings as those of one entry: `alerts[3].name` is `name`. Others stay as they are. */
export function entryFaults(faults: readonly SettingsFault[], list: string): EntryFaults {
  return faults.map(({ path, message }) => {
    const inner = path.startsWith(`${list}[`) ? path.slice(list.length).replace(/^\[\d+\]\.?/, '') : path;
    return { path: inner, message };
  });
}
