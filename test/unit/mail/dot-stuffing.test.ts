import { array, assert, constantFrom, oneof, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stuffed } from '../../../mail/dot-stuffing.ts';

const BYTES = array(
  oneof(
    constantFrom('.', '..', '\r\n', '\r', '\n', '\r\n.\r\n', '\n.\n', '\r.\r', 'x', 'words').map((text) =>
      Buffer.from(text),
    ),
    uint8Array({ maxLength: 6 }),
  ),
  { maxLength: 20 },
).map((pieces) => Buffer.concat(pieces).toString('latin1'));

/** What a server takes for the message (RFC 5321 4.5.2), and whether anything is left after its end. */
function asRead(sent: string): { readonly message: string; readonly after: string } {
  const end = `\r\n${sent}`.indexOf('\r\n.\r\n');
  return { message: sent.slice(0, end).replace(/^\./gm, ''), after: sent.slice(end + 3) };
}

describe('a message that follows DATA', () => {
  test('is read as it was, with whole line ends, and ends where it ends', () => {
    const rule = property(BYTES, (mime) => {
      const sent = stuffed(mime);
      expect(sent.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      const lines = mime.replace(/\r\n|\r|\n/g, '\r\n');
      expect(asRead(sent)).toEqual({
        message: lines.endsWith('\r\n') ? lines : `${lines}\r\n`,
        after: '',
      });
    });
    assert(rule, { numRuns: 1000 });
  });
});
