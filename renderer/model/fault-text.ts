import type { SettingsFault } from '../../shared/contract/settings-rules.ts';

/** What is wrong at exactly this place, as a sentence to stand below its field; null where nothing is. */
export function faultAt(faults: readonly SettingsFault[], path: string): string | null {
  const fault = faults.find((one) => one.path === path);
  return fault === undefined ? null : sentenceOf(fault.message);
}

/** The first thing wrong at this place or within it: for fields that show a list. */
export function faultWithin(faults: readonly SettingsFault[], path: string): string | null {
  const [fault] = faultsWithin(faults, [path]);
  return fault === undefined ? null : sentenceOf(fault.message);
}

/** Those at one of these places or within them. */
export function faultsWithin(
  faults: readonly SettingsFault[],
  paths: readonly string[],
): readonly SettingsFault[] {
  return faults.filter((fault) =>
    paths.some(
      (path) => fault.path === path || fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`),
    ),
  );
}

/** Faults are written to be read after their path: "must not be empty" becomes "Must not be empty." */
export function sentenceOf(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.?]$/.test(text) ? text : `${text}.`;
}
