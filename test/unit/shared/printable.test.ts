import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson } from '../../../shared/printable.ts';

/** What a terminal may take for a command (ECMA-48), or shows turned round. */
const COMMAND = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Every character that matters, and some that do not. */
const CHARACTER = fc.oneof(
  fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('\u061c', '\u200e', '\u2028', '\u202a', '\u202e', '\u2066', '\u2069', '日', '😀', '\ud800'),
);

describe('what commands print', () => {
  test.each([
    ['an escape sequence', '550 \u001b[2J\u001b]0;evil\u0007', '550 \ufffd[2J\ufffd]0;evil\ufffd'],
    ['an eight-bit one', '\u009b31m', '\ufffd31m'],
    ['a carriage return, which writes over the line', 'no\rok', 'no\ufffdok'],
    ['text turned round', 'a\u202eb', 'a\ufffdb'],
    [
      'lines, tabs and letters of every script',
      'a\tb\nGröße 日本語 👩\u200d🔧',
      'a\tb\nGröße 日本語 👩\u200d🔧',
    ],
  ])('%s', (_rule, text, printed) => {
    expect(printable(text)).toBe(printed);
  });

  test('no text is a command to a terminal, and JSON says the same as before', () => {
    fc.assert(
      fc.property(fc.string({ unit: CHARACTER, maxLength: 40 }), (text) => {
        expect(printable(text)).not.toMatch(COMMAND);
        const json = printableJson(JSON.stringify({ [text]: text }, null, 2));
        expect(json).not.toMatch(COMMAND);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: text })));
      }),
    );
  });
});
