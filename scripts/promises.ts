/** `npm run promises`: shows the promises of docs/promises.md at their full figures, and prints a table; `--help` says more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { ShownLine } from '../test/promises/support/show.ts';
import { withResults } from './promises-table.ts';

const values = new Command('promises')
  .description('Shows the promises of docs/promises.md at their full figures, and prints a table.')
  .option('--only <ids>', 'some of them: I1,I8')
  .option('--points <figures>', 'other figures than the full ones: I1=150,I8=200')
  .option('--seed <number>', 'repeats a run', String(Date.now() % 1_000_000))
  .option(
    '--write',
    'enters what came of it into the table of docs/promises.md; rows of promises not tried stay',
  )
  .parse()
  .opts<{ only?: string; points?: string; seed: string; write?: true }>();

const dir = mkdtempSync(join(tmpdir(), 'tocsin-promises-'));
const journal = join(dir, 'journal.jsonl');
writeFileSync(journal, '');
const points = (values.points ?? '')
  .split(',')
  .filter((part) => part.includes('='))
  .map((part) => part.split('='))
  .map(([id = '', number]) => [id, Number(number)] as const);
const only = values.only === undefined ? [] : ['-t', `^(${values.only.split(',').join('|')})(\\.\\d+)? `];
const { status } = spawnSync('vitest', ['run', '--project', 'promises', '--reporter=dot', ...only], {
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    TOCSIN_PROMISES_JOURNAL: journal,
    TOCSIN_PROMISES_POINTS: JSON.stringify(Object.fromEntries(points)),
    TOCSIN_PROMISES_SEED: values.seed,
  },
});
const lines = readFileSync(journal, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as ShownLine)
  .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
rmSync(dir, { recursive: true, force: true });

for (const { id, faults } of lines) for (const fault of faults) console.log(`${id}: ${fault}`);
console.log(`seed ${values.seed}`);
console.table(
  lines.map(({ id, title, points: tried, lost, doubled, faults, note, skipped, seconds }) =>
    skipped === null
      ? { promise: id, tried, lost, doubled, wrong: faults.length, seconds: Math.round(seconds), note, title }
      : { promise: id, tried: 0, note: `skipped: ${skipped}`, title },
  ),
);
if (values.write) {
  const page = join(import.meta.dirname, '../docs/promises.md');
  writeFileSync(page, withResults(readFileSync(page, 'utf8'), lines, new Date()));
}
const broken = status !== 0 || lines.length === 0 || lines.some(({ faults }) => faults.length > 0);
process.exitCode = broken ? 1 : 0;
