/** What may not go out after DATA as it stands: a dot that begins a line, or a line that does not end in CRLF. */
const TO_BE_CHANGED = /^\.|\n\.|\r(?!\n)|(?<!\r)\n/;

/**
 * A message as it follows DATA, with the final dot, one character for each byte: a dot before each that begins a line
 * (RFC 5321 4.5.2). Half a line end becomes a whole one, because a server that takes it for one would see the end of
 * the message elsewhere.
 */
export function stuffed(mime: string): string {
  const lines = TO_BE_CHANGED.test(mime)
    ? mime.replace(/\r\n|\r|\n/g, '\r\n').replace(/(^|\n)\./g, '$1..')
    : mime;
  return lines.endsWith('\r\n') ? `${lines}.\r\n` : `${lines}\r\n.\r\n`;
}
