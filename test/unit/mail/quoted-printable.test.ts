import { array, assert, constantFrom, integer, oneof, property, string, tuple } from 'fast-check';
import { encode, wrap } from 'nodemailer/lib/qp';
import { describe, expect, test } from 'vitest';
import { quotedPrintable } from '../../../mail/quoted-printable.ts';

/** What lines end in, are broken behind and are not to be broken in. */
const PIECES = oneof(
  constantFrom(
    '\r\n',
    ' ',
    '\t',
    ' \r\n',
    '. ',
    '!',
    'word',
    '=',
    '=3D',
    '=E2',
    'ä',
    '語',
    '😀',
    '\u007f',
    '\ud800',
  ),
  tuple(constantFrom('x', '=', 'ä', '語', '😀', 'x=', 'words '), integer({ min: 1, max: 90 })).map(
    ([unit, times]) => unit.repeat(times),
  ),
  string({ unit: 'binary', maxLength: 5 }).map((text) => text.replace(/[\r\n]/g, '')),
);

describe('quoted-printable', () => {
  test('is character by character what nodemailer writes', () => {
    const rule = property(array(PIECES, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(quotedPrintable(text)).toBe(wrap(encode(text), 76));
    });
    assert(rule, { numRuns: 3000 });
  });

  test.each(['', ', ', 'ä', '語', '=', '\r\n'])(
    'is so where a line ends with “%s”, wherever it comes',
    (mark) => {
      for (let length = 0; length < 160; length++) {
        for (const after of ['', 'y', '\r\n', 'y'.repeat(80)]) {
          const text = `${'x'.repeat(length)}${mark}${after}`;
          expect(quotedPrintable(text)).toBe(wrap(encode(text), 76));
        }
      }
    },
  );
});
