import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unsettledParts, withChanges, withNewest, withOlder } from '../../../renderer/model/log-rows.ts';
import type { DeliverySummary } from '../../../shared/model/delivery.ts';
import { recipient, row } from './delivery-samples.ts';

const ids = (rows: readonly DeliverySummary[] | null) => rows?.map(({ id }) => id) ?? null;
/** Rows newest first: "e d c" are three, e the newest. */
const rows = (names: string) =>
  names
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => row(name, name.charCodeAt(0)));

describe('the newest part of the log', () => {
  test.each([
    ['puts what is new above what is held', 'c b a', 'e d c', 'e d c b a'],
    ['a part that is not full is all there is', 'c b a', 'e d', 'e d'],
    ['is everything where nothing was held', '', 'e d', 'e d'],
    ['drops what no longer passes the filter', 'e d c b a', 'e c b', 'e c b a'],
    ['takes in what passes it only now', 'e c a', 'e d c', 'e d c a'],
  ])('%s', (_rule, held, part, expected) => {
    expect(ids(withNewest(rows(held), rows(part), 3))).toEqual(ids(rows(expected)));
  });

  test('that does not reach what is held gives nothing: there is a gap', () => {
    expect(withNewest(rows('c b a'), rows('z y x'), 3)).toBeNull();
  });

  test('keeps the objects of rows that are as they were, and of no others', () => {
    const held = rows('c b a');
    const changed = row('b', 'b'.charCodeAt(0), { subject: 'another' });
    const [c, b, a] = withNewest(held, [...rows('c'), changed, ...rows('a')], 3) ?? [];
    expect([c === held[0], b === changed, a === held[2]]).toEqual([true, true, true]);
  });

  test('read after the log has grown is the same as reading it all', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }),
        fc.nat({ max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        (old, added, size) => {
          const all = Array.from({ length: old + added }, (_, at) =>
            row(`m${old + added - at}`, old + added - at),
          );
          const held = all.slice(added);
          const merged = withNewest(held, all.slice(0, size), size);
          expect(ids(merged) ?? 'gap').toEqual(added >= size ? 'gap' : ids(all));
        },
      ),
    );
  });
});

test('what changed further down changes where it stands; none comes or goes', () => {
  const held = rows('c b a');
  const part = [row('b', 98, { subject: 'another' }), row('x', 1)];
  expect(withChanges(held, part).map(({ subject }) => subject)).toEqual([
    'Subject of c',
    'another',
    'Subject of a',
  ]);
});

test('the part that comes after is added, what is known already left out', () => {
  expect(ids(withOlder(rows('e d c'), rows('c b a')))).toEqual(['e', 'd', 'c', 'b', 'a']);
});

test('rows that are not settled are asked for again behind the row before, each part once, no more than allowed', () => {
  const held = Array.from({ length: 40 }, (_, at) =>
    row(`m${at}`, 40 - at, [2, 12, 13, 25, 36].includes(at) ? { recipients: [recipient()] } : {}),
  );
  expect(unsettledParts(held, 10, 2)).toEqual(['m11', 'm24']);
  expect(unsettledParts(held, 10, 9)).toEqual(['m11', 'm24', 'm35']);
});
