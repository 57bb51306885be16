/** What rows are ordered by; nothing known comes last, whichever way the order goes. */
export type SortKey = string | number | null;

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The rows in order; equal ones stay as they were. */
export function sortedRows<Item>(
  items: readonly Item[],
  by: (item: Item) => SortKey,
  descending: boolean,
): readonly Item[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, key: by(item) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      if (typeof a.key === 'number' && typeof b.key === 'number') return sign * (a.key - b.key);
      return sign * words.compare(String(a.key), String(b.key));
    })
    .map(({ item }) => item);
}
