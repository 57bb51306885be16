const HALF_LINE_END = /\r(?!\n)|(?<!\r)\n/;

/**
 * A message as it follows DATA, with the final dot, one character for each byte: a dot before each that begins a line
 * (RFC 5321 4.5.2). Half a line end becomes a whole one, because a server that takes it for one would see the end of
 * the message elsewhere.
 */
export function stuffed(mime: string): string {
  const lines = HALF_LINE_END.test(mime) ? mime.replace(/\r\n|\r|\n/g, '\r\n') : mime;
  const dotted = lines.replaceAll('\n.', '\n..');
  return `${dotted.startsWith('.') ? '.' : ''}${dotted}${dotted.endsWith('\r\n') ? '' : '\r\n'}.\r\n`;
}
