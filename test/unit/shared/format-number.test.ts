import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNumber } from '../../../shared/format-number.ts';

test.each([
  ['thousands are separated', 1234567, 1, '1,234,567'],
  ['trailing zeros are left out', 90, 1, '90'],
  ['it rounds to the digits asked for', 91.36, 1, '91.4'],
  ['halves are rounded away from zero, as they are written', 1.005, 2, '1.01'],
  ['below zero as well', -2.5, 0, '-3'],
  ['what rounds up to a thousand is separated', 999.96, 1, '1,000'],
  ['small numbers come to nothing', 1e-9, 3, '0'],
  ['what is no number says so', Number.NaN, 1, 'NaN'],
])('%s', (_rule, value, digits, text) => {
  expect(formatNumber(value, digits)).toBe(text);
});

test('every number reads as Intl writes it in English', () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.double({ min: -1e6, max: 1e6 }),
    fc.integer(),
    fc
      .tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 6 }))
      .map(([n, e]) => n / 10 ** e),
  );
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 4 }), (value, maximumFractionDigits) => {
      const written = new Intl.NumberFormat('en', { maximumFractionDigits }).format(value);
      expect(formatNumber(value, maximumFractionDigits)).toBe(written);
    }),
    { numRuns: 2000 },
  );
});
