import { array, assert, constantFrom, integer, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_REPLY_BYTES, ReplyReader } from '../../../mail/reply-reader.ts';

const TEXT = oneof(
  string({ unit: 'grapheme-ascii', maxLength: 30 }),
  constantFrom('läuft', '😀', '', ' ', '-', '250 '),
).map((text) => text.replace(/[\r\n]/g, ' '));
const REPLY = tuple(integer({ min: 200, max: 599 }), array(TEXT, { maxLength: 3 }), TEXT).map(
  ([status, before, last]) => [...before.map((text) => `${status}-${text}`), `${status} ${last}`].join('\n'),
);

describe('the replies of a server', () => {
  test('are the same however their bytes are cut', () => {
    const cuts = array(integer({ min: 1, max: 20 }), { minLength: 1 });
    const rule = property(array(REPLY), cuts, constantFrom('\r\n', '\n'), (replies, sizes, end) => {
      const bytes = Buffer.from(replies.map((reply) => reply.replaceAll('\n', end) + end).join(''));
      const reader = new ReplyReader();
      const found: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...(reader.take(bytes.subarray(at, at + size)) ?? ['too long']));
        at += size;
      }
      expect(found).toEqual(replies);
      expect(reader.rest()).toBe('');
    });
    assert(rule, { numRuns: 500 });
  });

  test.each([
    ['lines that are empty are none', '\r\n  \r\n250 Ok\r\n', ['250 Ok']],
    ['lines that are no replies are told', 'What?\r\n', ['What?']],
    ['bytes that are no UTF-8 stay what they are', Buffer.from([0x35, 0xff, 0x0a]), ['5\u00ff']],
    ['the end is waited for', '250-a\r\n250-b\r\n250', []],
  ])('%s', (_rule, bytes, replies) => {
    expect(new ReplyReader().take(Buffer.from(bytes))).toEqual(replies);
  });

  test.each([
    ['within its line', '421 Bye ', '421 Bye'],
    ['after one of its lines', '421-Bye\r\n', '421-Bye'],
    ['within its second line', '421-Bye\r\n421 Soo', '421-Bye\n421 Soo'],
  ])('have a rest where the last one ends too early: %s', (_name, begun, rest) => {
    const reader = new ReplyReader();
    expect(reader.take(Buffer.from(`250 Ok\r\n${begun}`))).toEqual(['250 Ok']);
    expect(reader.rest()).toBe(rest);
  });

  test.each([
    ['a line', Buffer.alloc(MAX_REPLY_BYTES + 1, 'x')],
    ['a reply of many lines', Buffer.from('250-x\r\n'.repeat(MAX_REPLY_BYTES / 5))],
  ])('may not be longer than any server has to say: %s', (_name, bytes) => {
    const reader = new ReplyReader();
    const half = bytes.length / 2;
    expect(reader.take(bytes.subarray(0, half))).toEqual([]);
    expect(reader.take(bytes.subarray(half))).toBeNull();
  });
});
