import { expect, test } from 'vitest';
import { type SortKey, sortedRows } from '../../../renderer/components/sorted-rows.ts';

test.each<[rule: string, rows: SortKey[], descending: boolean, expected: SortKey[]]>([
  ['numbers by size', [10, 9, 2], false, [2, 9, 10]],
  ['words as people sort them', ['b', 'A', 'c10', 'c9'], false, ['A', 'b', 'c9', 'c10']],
  ['the other way round', [1, 3, 2], true, [3, 2, 1]],
  ['what is not known comes last', [null, 2, 1], false, [1, 2, null]],
  ['also the other way round', [null, 1, 2], true, [2, 1, null]],
])('%s', (_rule, rows, descending, expected) => {
  expect(sortedRows(rows, (row) => row, descending)).toEqual(expected);
});
