import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../electron/agent/collect/catalogue.ts';
import { metricsPage } from '../../../scripts/docs/metrics-page.ts';
import { METRIC_NAMES } from '../../../shared/model/metrics.ts';

test('docs/metrics.md says what the sources say; `npm run docs` writes it', () => {
  const path = resolve(import.meta.dirname, '../../../docs/metrics.md');
  expect(readFileSync(path, 'utf8').replaceAll('\r\n', '\n')).toBe(metricsPage());
});

test('the catalogue names every metric, each once', () => {
  const named = CATALOGUE.flatMap(({ entries }) => entries).flatMap(({ metrics }) => metrics);
  expect(named.toSorted()).toEqual(METRIC_NAMES.toSorted());
});
