import type { ShownLine } from '../test/promises/support/show.ts';

const BEGIN = '<!-- Written by npm run promises -- --write: do not edit. -->';
const END = '<!-- End of what is written. -->';
const HEAD = [
  '| promise | tried | full | lost | doubled | wrong | seconds | on | seen |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** The page with what came of these promises in its table; other rows stay. Throws where the page has no table. */
export function withResults(page: string, lines: readonly ShownLine[], at: Date): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The page has no place for results (${BEGIN} … ${END}).`);
  const rows = new Map(
    [...page.slice(begin, end).matchAll(/^\| (I[\d.]+) \|.*$/gm)].map(([row, id = '']) => [id, row]),
  );
  for (const line of lines) rows.set(line.id, rowOf(line, at));
  const sorted = [...rows].toSorted(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  const table = [BEGIN, '', ...HEAD, ...sorted.map(([, row]) => row), '', ''].join('\n');
  return page.slice(0, begin) + table + page.slice(end);
}

function rowOf(line: ShownLine, at: Date): string {
  const { id, points, full, lost, doubled, faults, seconds, note, skipped } = line;
  const on = at.toISOString().slice(0, 10);
  const cells =
    skipped === null
      ? [count(points), count(full), lost, doubled, faults.length, Math.round(seconds), on, note]
      : [0, count(full), '', '', '', '', on, `skipped: ${skipped}`];
  return `| ${[id, ...cells].map((cell) => String(cell).replaceAll('|', '/')).join(' | ')} |`;
}

function count(number: number): string {
  return number.toLocaleString('en-GB');
}
