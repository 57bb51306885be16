/**
 * Names, targets and reasons come from settings files, other programs and the operating system. Before they stand in a
 * mail they are made one line of plain text.
 */

/** Marks that turn the reading direction (UAX 9); in a name they could make one file or host look like another. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Zero-width characters without a use inside words; the joiners U+200C and U+200D have one and stay. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const CONTROL_OR_SPACE = /[\u0000-\u001f\u007f-\u009f\s\u2028\u2029]+/g;

/** One line: control characters and runs of white space become one space; direction marks and invisible ones go. */
export function cleanLine(text: string): string {
  return text
    .toWellFormed()
    .replace(DIRECTION_MARKS, '')
    .replace(INVISIBLE, '')
    .replace(CONTROL_OR_SPACE, ' ')
    .trim();
}

/** A line of somebody else's text: the same without losing how it is set out. Tabs become four spaces. */
export function keepLine(text: string): string {
  return text
    .toWellFormed()
    .replace(DIRECTION_MARKS, '')
    .replace(INVISIBLE, '')
    .replaceAll('\t', '    ')
    .replace(CONTROL, '')
    .trimEnd();
}

/** A cleaned name that is never empty. */
export function cleanName(text: string): string {
  return cleanLine(text) || 'unnamed';
}

/** The text, or as much of it as fits into `max` UTF-16 units with "…" at its end. No character is cut in two. */
export function cutTo(text: string, max: number): string {
  if (text.length <= max) return text;
  const lastKept = text.charCodeAt(max - 2);
  const end = lastKept >= 0xd800 && lastKept <= 0xdbff ? max - 2 : max - 1;
  return `${text.slice(0, end).trimEnd()}…`;
}
