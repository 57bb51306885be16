/** Columns of a text mail (LOOK.md); RFC 5322 2.1.1 asks for at most 78. */
export const TEXT_COLUMNS = 72;

const UNIT = String.raw`(?:%|\u00b0C|[KMGTP]?i?B(?:\/s)?|ms|min|s|h|d)(?![\p{L}\p{N}])`;

/** A space that may become a line break: not the one between a number and its unit. */
const BREAKABLE_SPACE = new RegExp(` (?!${UNIT})`, 'u');

const UNIT_SPACE = new RegExp(String.raw`(?<=\d) (?=${UNIT})`, 'gu');

/** The same for HTML: between a number and its unit, a space that does not break. */
export function keepUnits(text: string): string {
  return text.replace(UNIT_SPACE, '\u00a0');
}

/** How many columns a text takes, one for each character. */
export function columnsOf(text: string): number {
  return Array.from(text).length;
}

/**
 * Breaks one line of text into lines of at most 72 columns. The first begins with `first`, the others with `rest`. A word
 * that is longer than a line, such as a path, stays whole so that it can be copied.
 */
export function wrap(text: string, first = '', rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let words = 0;
  for (const word of text.split(BREAKABLE_SPACE)) {
    const space = words === 0 ? '' : ' ';
    if (words > 0 && columnsOf(line) + 1 + columnsOf(word) > TEXT_COLUMNS) {
      lines.push(line);
      line = rest + word;
    } else {
      line += space + word;
    }
    words += 1;
  }
  return [...lines, line.trimEnd()];
}
