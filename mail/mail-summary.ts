/** The headers that a list of mails shows. */
export interface MailSummary {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
}

/** Headers further down than this many bytes are not looked for. */
export const HEADER_BYTES = 64 * 1024;

/** Reads the headers of a mail (RFC 5322 2.2), with encoded words in UTF-8 decoded (RFC 2047). Empty where missing. */
export function summariseMail(content: Buffer): MailSummary {
  const head =
    content
      .subarray(0, HEADER_BYTES)
      .toString('utf8')
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const header = (name: string): string => {
    const line = unfolded.find((entry) => entry.slice(0, name.length + 1).toLowerCase() === `${name}:`);
    return line === undefined ? '' : decodeWords(line.slice(name.length + 1).trim());
  };
  return { from: header('from'), to: header('to'), subject: header('subject') };
}

function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      (encoding.toLowerCase() === 'b' ? Buffer.from(word, 'base64') : decodeQ(word)).toString('utf8'),
    );
}

function decodeQ(word: string): Buffer {
  const bytes = word
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
