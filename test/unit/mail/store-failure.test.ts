import { describe, expect, test } from 'vitest';
import { isDiskFailure, isStoreDamage } from '../../../mail/store-failure.ts';

/** Result codes of SQLite (https://sqlite.org/rescode.html), extended ones among them, and what each says. */
const CODES = [
  { name: 'SQLITE_CORRUPT', errcode: 11, is: 'damage' },
  { name: 'SQLITE_CORRUPT_INDEX', errcode: 779, is: 'damage' },
  { name: 'SQLITE_NOTADB', errcode: 26, is: 'damage' },
  { name: 'SQLITE_IOERR_SHORT_READ, a file that ends inside a page', errcode: 522, is: 'damage' },
  { name: 'SQLITE_IOERR', errcode: 10, is: 'disk' },
  { name: 'SQLITE_IOERR_WRITE', errcode: 778, is: 'disk' },
  { name: 'SQLITE_FULL', errcode: 13, is: 'disk' },
  { name: 'SQLITE_READONLY', errcode: 8, is: 'disk' },
  { name: 'SQLITE_CANTOPEN', errcode: 14, is: 'disk' },
  { name: 'SQLITE_BUSY', errcode: 5, is: 'neither' },
  { name: 'SQLITE_ERROR', errcode: 1, is: 'neither' },
] as const;

describe('what SQLite gives up with is either damage, which no later try mends, or the disk, or neither', () => {
  test.each(CODES)('$name: $is', ({ errcode, is }) => {
    const error = Object.assign(new Error('disk I/O error'), { errcode });
    expect([isStoreDamage(error), isDiskFailure(error)]).toEqual([is === 'damage', is === 'disk']);
  });

  test('what is no error of SQLite is neither', () => {
    for (const error of [new Error('other'), 'text', null]) {
      expect([isStoreDamage(error), isDiskFailure(error)]).toEqual([false, false]);
    }
  });
});
