/** Largest reply that is read, in bytes; RFC 5321 4.5.3.1.5 has 512 a line, and EHLO some dozen lines. */
export const MAX_REPLY_BYTES = 64 * 1024;

/** Puts a server's replies (RFC 5321 4.2) together, however their bytes are cut into packets. */
export class ReplyReader {
  /** What has come of a line that is not at its end. */
  #line = '';
  /** The lines so far of a reply that is not at its end. */
  #lines = '';

  /** The replies that are complete with these bytes; null where one is longer than any may be. */
  take(bytes: Buffer): readonly string[] | null {
    const text = this.#line + bytes.toString('latin1');
    const replies: string[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
      start = end + 1;
      const isContinued = CONTINUED.test(line);
      if (this.#lines === '' && !isContinued) {
        if (line.trim() !== '') replies.push(decoded(line));
        continue;
      }
      this.#lines += this.#lines === '' ? line : `\n${line}`;
      if (this.#lines.length > MAX_REPLY_BYTES) return null;
      if (isContinued) continue;
      replies.push(decoded(this.#lines));
      this.#lines = '';
    }
    this.#line = start === 0 ? text : text.slice(start);
    return this.#line.length > MAX_REPLY_BYTES ? null : replies;
  }

  /** What has come of a reply that is not at its end, of one or of several lines; empty where none has begun. */
  rest(): string {
    const line = this.#line.trim();
    return decoded(this.#lines === '' || line === '' ? this.#lines + line : `${this.#lines}\n${line}`);
  }
}

/** More lines of the same reply follow. */
const CONTINUED = /^\d+-/;

/** Replies have no character set; most servers that leave ASCII write UTF-8. */
function decoded(bytes: string): string {
  if (!/[\u0080-\u00ff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? bytes : text;
}
