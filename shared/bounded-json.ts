/** Levels of lists and objects in each other. What Tocsin reads and writes has eight at most. */
export const MOST_JSON_LEVELS = 64;

/** What is wrong with a document that is too deep, to be read after its name. */
export const NESTED_TOO_DEEP = `is nested deeper than ${MOST_JSON_LEVELS} levels`;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const SPACE = 0x20;
const FOLLOW_STRINGS: readonly number[] = [0x2c, 0x3a, LIST_END, OBJECT_END];

/**
 * Whether a text would become lists or objects in each other beyond all measure. A few megabytes of brackets take
 * `JSON.parse` seconds, in which nothing else happens; this looks at each character once and stops at the first that is
 * too deep. Says nothing of whether the text is JSON.
 */
export function isNestedTooDeep(text: string): boolean {
  // A mail hardly has as many brackets in all as levels are allowed, and they are found in a hundredth of the time.
  if (!hasMoreBracketsThan(MOST_JSON_LEVELS, text)) return false;
  let levels = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        if (!mayFollowString(text.charCodeAt(at + 1))) return false;
        break;
      case LIST:
      case OBJECT:
        levels += 1;
        if (levels > MOST_JSON_LEVELS) return true;
        break;
      case LIST_END:
      case OBJECT_END:
        levels -= 1;
        // The document ends here. Whatever follows is none, and `JSON.parse` refuses it unread.
        if (levels <= 0) return false;
        break;
    }
  }
  return false;
}

/** Whether a document can go on like that behind a string; where it does not, `JSON.parse` refuses it there. */
function mayFollowString(character: number): boolean {
  return character <= SPACE || FOLLOW_STRINGS.includes(character);
}

/** Reads JSON that somebody else wrote; throws `SyntaxError` where it is none, or nested too deep. */
export function parseBoundedJson(text: string): unknown {
  if (isNestedTooDeep(text)) throw new SyntaxError(`it ${NESTED_TOO_DEEP}`);
  return JSON.parse(text);
}

/** Counts what could open a level, in strings as well, and stops as soon as there are more. */
function hasMoreBracketsThan(most: number, text: string): boolean {
  let count = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > most) return true;
    }
  }
  return false;
}

/**
 * Where the string that begins at `start` ends; the end of the text where it does not. Looks for quotes instead of going
 * over each character, which took a tenth of a second for a string of eight megabytes.
 */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let first = quote;
    while (first - 1 > start && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    const isEscaped = (quote - first) % 2 === 1;
    if (!isEscaped) return quote;
  }
  return text.length;
}
