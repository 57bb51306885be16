/** RFC 2045 6.7: no line is longer, the "=" that breaks it included. */
const LINE_CHARACTERS = 76;
/** A line is broken behind a mark in so many last characters of it, where there is one. */
const MARKED_CHARACTERS = 25;

const LAST_MARK = /[ \t.,!?][^ \t.,!?]*$/;

/**
 * Text with whole line ends in quoted-printable (RFC 2045 6.7), in lines that mail may have: character by character what
 * nodemailer writes, which goes over each byte and asks five regular expressions about each line.
 */
export function quotedPrintable(content: string): string {
  return wrapped(quoted(content));
}

function quoted(content: string): string {
  return content.replaceAll('=', '=3D').replace(/[^\t\r\n -~]+|[\t ](?=\r|$)/g, hexadecimal);
}

function hexadecimal(characters: string): string {
  return Buffer.from(characters).toString('hex').toUpperCase().replace(/../g, '=$&');
}

function wrapped(text: string): string {
  if (text.length <= LINE_CHARACTERS) return text;
  let broken = '';
  let written = 0;
  let lineEnd = -2;
  for (let start = 0; start < text.length; ) {
    if (lineEnd < start) lineEnd = endOfLine(text, start);
    if (lineEnd + 2 - start <= LINE_CHARACTERS) {
      start = lineEnd + 2;
      continue;
    }
    start += breakAfter(text.slice(start, start + LINE_CHARACTERS), start + LINE_CHARACTERS >= text.length);
    if (start >= text.length) break;
    broken += `${text.slice(written, start)}=\r\n`;
    written = start;
  }
  return broken + text.slice(written);
}

/** Where a line ends; a last one that has no end does so nowhere. */
function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\r\n', start);
  return end < 0 ? Number.POSITIVE_INFINITY : end;
}

/**
 * How many characters of a line come before its soft break, which parts neither “=E2” nor the bytes of one character.
 * `isLast`: nothing comes after it.
 */
function breakAfter(line: string, isLast: boolean): number {
  if (line.length > LINE_CHARACTERS - MARKED_CHARACTERS) {
    const mark = line.slice(-MARKED_CHARACTERS).search(LAST_MARK);
    const length = line.length - MARKED_CHARACTERS + mark + 1;
    if (mark >= 0) return length === LINE_CHARACTERS && !isLast ? length - 1 : length;
  }
  if (isLast) return line.length;
  const cut = line.search(/=[\dA-F]?$/);
  const whole = cut < 0 ? line : line.slice(0, cut);
  const bytes = whole.search(/=[C-F][\dA-F](?:=[89AB][\dA-F])*$/);
  if (bytes >= 0) return bytes;
  if (cut >= 0) return cut;
  return LINE_CHARACTERS - (/=[\dA-F]{2}$/.test(line) ? 3 : 1);
}
