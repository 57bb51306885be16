import * as base64 from 'nodemailer/lib/base64';
import { quotedPrintable } from './quoted-printable.ts';

/** RFC 2045 6.7 and 6.8: no line of an encoded body is longer. */
const LINE_CHARACTERS = 76;
/** Longer texts are not looked through for long lines; nodemailer's own figure, so that both write the same. */
const MOST_CHARACTERS_LOOKED_AT = 128 * 1024;

/** A text that goes as it is, as most do: printable characters of ASCII, in short lines that end in CRLF. */
const SHORT_PLAIN_LINES = /^(?:[\t -~]{0,76}\r\n)*[\t -~]{0,76}$/;
/** Nothing but whole line ends and characters that stand for themselves, no white space before a line's end (RFC 2045 6.7). */
const LITERAL_LINES = /^(?:[\t -<>-~]*(?<![\t ])\r\n)*[\t -<>-~]*(?<![\t ])$/;
/** The expression remembers where each line began: V8 has room for 3 million lines, and throws where there are more. */
const MOST_LITERAL_CHARACTERS = 4 * 1024 * 1024;

type TextEncoding = '7bit' | 'quoted-printable' | 'base64';

interface EncodedText {
  readonly encoding: TextEncoding;
  readonly body: string;
}

/** A text in the encoding (RFC 2045 6) that nodemailer chooses for it, in lines that mail may have. */
export function encodedText(content: string): EncodedText {
  if (content.length <= MOST_CHARACTERS_LOOKED_AT && SHORT_PLAIN_LINES.test(content))
    return { encoding: '7bit', body: content };
  // Long lines, then, and nothing else to see to.
  if (/[A-Za-z]/.test(content) && isLiteral(content))
    return { encoding: 'quoted-printable', body: softlyBroken(content) };
  const encoding = encodingOf(content);
  return { encoding, body: encoded(content, encoding) };
}

/** A text in a given encoding, in lines that mail may have. */
export function encoded(content: string, encoding: string): string {
  switch (encoding) {
    case 'base64':
      return base64.wrap(base64.encode(content), LINE_CHARACTERS);
    case 'quoted-printable':
      return isLiteral(content) ? softlyBroken(content) : quotedPrintable(content);
    default:
      return content;
  }
}

function isLiteral(content: string): boolean {
  return content.length <= MOST_LITERAL_CHARACTERS && LITERAL_LINES.test(content);
}

function encodingOf(content: string): TextEncoding {
  const special = content.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0080-\uffff]/g)?.length ?? 0;
  if (special === 0 && content.length <= MOST_CHARACTERS_LOOKED_AT && !/^.{77}/m.test(content)) return '7bit';
  return hasMoreLetters(content, special) ? 'quoted-printable' : 'base64';
}

/** Long lines with soft breaks (RFC 2045 6.7), each counted in the length of its line. */
function softlyBroken(content: string): string {
  let broken = '';
  let written = 0;
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf('\r\n', start);
    const end = found < 0 ? content.length : found;
    while (end - start > LINE_CHARACTERS) {
      start += LINE_CHARACTERS - 1;
      broken += `${content.slice(written, start)}=\r\n`;
      written = start;
    }
    start = end + 2;
  }
  return broken + content.slice(written);
}

/** Looks no further than it has to: most texts begin with letters. */
function hasMoreLetters(content: string, count: number): boolean {
  let letters = 0;
  for (let index = 0; index < content.length; index++) {
    const code = content.charCodeAt(index) | 0x20;
    if (code >= 0x61 && code <= 0x7a && ++letters > count) return true;
  }
  return false;
}
