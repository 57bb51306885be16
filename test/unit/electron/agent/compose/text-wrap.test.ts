import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrap } from '../../../../../electron/agent/compose/text-wrap.ts';

const word = (length: number) => 'x'.repeat(length);

describe('wrap', () => {
  test.each([
    ['a short line stays', 'a b', '', '', ['a b']],
    ['72 columns fit', `${word(36)} ${word(35)}`, '', '', [`${word(36)} ${word(35)}`]],
    ['73 do not', `${word(36)} ${word(36)}`, '', '', [word(36), word(36)]],
    ['a word longer than a line stays whole', `a ${word(80)} b`, '', '', ['a', word(80), 'b']],
    [
      'the first line and the others begin as told',
      `${word(60)} ${word(60)}`,
      '- ',
      '  ',
      [`- ${word(60)}`, `  ${word(60)}`],
    ],
    ['a number and its unit stay together', `${word(67)} 91.3 % used`, '', '', [word(67), '91.3 % used']],
    ['an empty text is an empty line', '', '', '', ['']],
  ])('%s', (_rule, text, first, rest, lines) => {
    expect(wrap(text, first, rest)).toEqual(lines);
  });

  test('no word is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/\s/.test(text))),
        (words) => {
          expect(wrap(words.join(' ')).join(' ')).toBe(words.join(' '));
        },
      ),
    );
  });
});
