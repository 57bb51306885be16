import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNestedTooDeep, MOST_JSON_LEVELS, parseBoundedJson } from '../../../shared/bounded-json.ts';

const nested = (open: string, levels: number, close: string) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
  ['objects whose keys hold quotes and brackets', '{"\\"[{\\\\":', '}'],
])('%s are read up to the level allowed, and refused beyond', (_, open, close) => {
  expect(() => parseBoundedJson(nested(open, MOST_JSON_LEVELS, close))).not.toThrow();
  expect(() => parseBoundedJson(nested(open, MOST_JSON_LEVELS + 1, close))).toThrow('deeper than 64 levels');
});

test.each(['{}', '[1]', ']'])('what follows the end (%s) is refused as it is, however deep', (document) => {
  const text = document + '['.repeat(1_000_000);
  expect(isNestedTooDeep(text)).toBe(false);
  expect(() => parseBoundedJson(text)).toThrow(SyntaxError);
});

test('brackets inside of strings, and beside each other, are no levels', () => {
  const flat = JSON.stringify(['['.repeat(1000), '\\"[', ...Array.from({ length: 1000 }, () => [{}])]);
  expect(parseBoundedJson(flat)).toEqual(JSON.parse(flat));
});

test('a string ends where it ends for JSON.parse, whatever it holds', () => {
  // More brackets than levels are allowed: each character counts then.
  const flat = Array.from({ length: MOST_JSON_LEVELS }, () => []);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('[', ']', '"', '\\', 'a') }), (held) => {
      expect(isNestedTooDeep(JSON.stringify([flat, held, []]))).toBe(false);
      const deep = nested('[', MOST_JSON_LEVELS, ']');
      expect(isNestedTooDeep(`[${JSON.stringify(held)},${deep}]`)).toBe(true);
    }),
  );
});

test('whatever has so many levels at most is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('what is no JSON is never taken for deep where it is not', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a'), maxLength: 64 }),
      (text) => {
        expect(isNestedTooDeep(text)).toBe(false);
      },
    ),
  );
});
