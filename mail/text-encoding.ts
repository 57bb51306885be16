import * as base64 from 'nodemailer/lib/base64';
import * as quotedPrintable from 'nodemailer/lib/qp';

/** RFC 2045 6.7 and 6.8: no line of an encoded body is longer. */
const LINE_CHARACTERS = 76;
/** Longer texts are not looked through for long lines; nodemailer's own figure, so that both write the same. */
const MOST_CHARACTERS_LOOKED_AT = 128 * 1024;

export type TextEncoding = '7bit' | 'quoted-printable' | 'base64';

/** The encoding (RFC 2045 6) that nodemailer chooses for a text. */
export function encodingOf(content: string): TextEncoding {
  const isPlain = !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0080-\uffff]/.test(content);
  if (isPlain && content.length <= MOST_CHARACTERS_LOOKED_AT && !/^.{77}/m.test(content)) return '7bit';
  const special = isPlain ? 0 : countSpecial(content);
  return hasMoreLetters(content, special) ? 'quoted-printable' : 'base64';
}

/** A text in its encoding, in lines that mail may have. */
export function encoded(content: string, encoding: string): string {
  switch (encoding) {
    case 'base64':
      return base64.wrap(base64.encode(content), LINE_CHARACTERS);
    case 'quoted-printable':
      return needsQuoting(content)
        ? quotedPrintable.wrap(quotedPrintable.encode(content), LINE_CHARACTERS)
        : content.replace(/^[^\r\n]{77,}/gm, broken);
    default:
      return content;
  }
}

/** A line with soft breaks (RFC 2045 6.7), each counted in its length. */
function broken(line: string): string {
  return line.replace(/.{75}(?=..)/g, '$&=\r\n');
}

/** Whether there is anything but line ends and characters that stand for themselves (RFC 2045 6.7). */
function needsQuoting(content: string): boolean {
  return /[^\t\r\n -<>-~]|[\t ](?:[\r\n]|$)|\r(?!\n)|(?<!\r)\n/.test(content);
}

function countSpecial(content: string): number {
  return content.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0080-\uffff]/g)?.length ?? 0;
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
