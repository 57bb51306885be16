import { expect, test } from 'vitest';
import { METRIC_GROUPS } from '../../../renderer/strings/metrics.ts';
import { METRIC_NAMES } from '../../../shared/model/metrics.ts';

test('everything that can be measured is offered in the editor, once and under a name of its own', () => {
  const offered = METRIC_GROUPS.flatMap(({ metrics }) => Object.entries(metrics));
  expect(offered.map(([metric]) => metric).toSorted()).toEqual(METRIC_NAMES.toSorted());
  expect(new Set(offered.map(([, name]) => name)).size).toBe(METRIC_NAMES.length);
});
