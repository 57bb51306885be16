/**
 * Deeper than anything that Tocsin reads or writes (the settings have fewer than ten levels): what JSON.parse takes without end,
 * everything that walks through it afterwards would not.
 */
const MOST_LEVELS = 64;

/** What is wrong with a document that is too deep, to be read after its name. */
export const NESTED_TOO_DEEP = `is nested deeper than ${MOST_LEVELS} levels`;

/** Whether lists and objects of a document that came from outside stand in each other more often than anything needs. */
export function isNestedTooDeep(document: unknown, levelsLeft = MOST_LEVELS): boolean {
  if (typeof document !== 'object' || document === null) return false;
  if (levelsLeft === 0) return true;
  return Object.values(document).some((value) => isNestedTooDeep(value, levelsLeft - 1));
}
