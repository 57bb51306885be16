import { expect, test } from 'vitest';
import { withResults } from '../../../scripts/promises-table.ts';

const page = (rows: string) =>
  `before\n<!-- Written by npm run promises -- --write: do not edit. -->\n${rows}<!-- End of what is written. -->\nafter\n`;
const line = {
  title: 'x',
  points: 1000,
  full: 2000,
  lost: 1,
  doubled: 2,
  faults: ['one', 'two', 'three'],
  note: 'a | b',
  skipped: null,
  seconds: 61.6,
};
const at = new Date(Date.UTC(2026, 0, 5));

test('rows of promises that were tried are replaced, in the order of their numbers; the others stay', () => {
  const first = withResults(
    page(''),
    [
      { ...line, id: 'I10' },
      { ...line, id: 'I2' },
    ],
    at,
  );
  expect(first.match(/^\| I.*/gm)).toEqual([
    '| I2 | 1,000 | 2,000 | 1 | 2 | 3 | 62 | 2026-01-05 | a / b |',
    '| I10 | 1,000 | 2,000 | 1 | 2 | 3 | 62 | 2026-01-05 | a / b |',
  ]);
  const second = withResults(first, [{ ...line, id: 'I2', skipped: 'no strace' }], at);
  expect(second.match(/^\| I.*/gm)).toEqual([
    '| I2 | 0 | 2,000 |  |  |  |  | 2026-01-05 | skipped: no strace |',
    '| I10 | 1,000 | 2,000 | 1 | 2 | 3 | 62 | 2026-01-05 | a / b |',
  ]);
  expect(second.startsWith('before\n') && second.endsWith('after\n')).toBe(true);
});

test('a page without a place for results is not changed', () => {
  expect(() => withResults('nothing here', [], at)).toThrow('no place');
});
