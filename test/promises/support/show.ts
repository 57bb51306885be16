import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PromiseCheck } from './promise.ts';

/** A line of the journal that `npm run promises` reads. */
export interface ShownLine {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  /** Points of a full run. */
  readonly full: number;
  readonly lost: number;
  readonly doubled: number;
  readonly faults: readonly string[];
  readonly note: string;
  readonly skipped: string | null;
  readonly seconds: number;
}

/** `npm run promises` sets these: where the journal lies, points by promise id (else the full figure), and the seed. */
const JOURNAL = process.env['TOCSIN_PROMISES_JOURNAL'];
const POINTS = JSON.parse(process.env['TOCSIN_PROMISES_POINTS'] ?? '{}') as Readonly<Record<string, number>>;
const SEED = Number(process.env['TOCSIN_PROMISES_SEED'] ?? Date.now() % 1_000_000);

/** Time for a full run; `npm test` is quick because its points are few, not because it is cut off. */
const TIMEOUT_MS = JOURNAL === undefined ? 120_000 : 6 * 3_600_000;

/** The promise as a test: at a small fraction of its points in `npm test`, at its full figure in `npm run promises`. */
export function show(check: PromiseCheck): void {
  const points = JOURNAL === undefined ? check.quick : (POINTS[check.id] ?? check.full);
  test(`${check.id} ${check.title}`, { timeout: TIMEOUT_MS }, async (context) => {
    const started = performance.now();
    const outcome = await check.run(points, SEED);
    const seconds = (performance.now() - started) / 1000;
    const { id, title, full } = check;
    const nothing = { points: 0, lost: 0, doubled: 0, faults: [], note: '' };
    const skipped = 'skipped' in outcome ? outcome.skipped : null;
    const line: ShownLine = { id, title, full, ...nothing, ...outcome, skipped, seconds };
    if (JOURNAL !== undefined) appendFileSync(JOURNAL, `${JSON.stringify(line)}\n`);
    if (skipped !== null) return context.skip(skipped);
    expect({ seed: SEED, lost: line.lost, faults: line.faults }).toEqual({ seed: SEED, lost: 0, faults: [] });
  });
}
