import { describe, expect, test } from 'vitest';
import {
  fittingScale,
  MINUTE_SCALES,
  type Scale,
  SECOND_SCALES,
  UNIT_SCALES,
} from '../../../renderer/model/scale.ts';

const GIB = 1024 ** 3;

describe('the unit that a number is shown in', () => {
  test.each<[what: string, value: number | null, scales: readonly Scale[], label: string]>([
    ['is the largest of which it is a whole number', 93_600, SECOND_SCALES, 'h'],
    ['is seconds for what is no whole minute', 90, SECOND_SCALES, 's'],
    ['is days for whole days', 1440, MINUTE_SCALES, 'days'],
    ['is GiB for 10 GiB', 10 * GIB, UNIT_SCALES.bytes, 'GiB'],
    ['is KiB for less than that', 100, UNIT_SCALES.bytes, 'KiB'],
    ['is the smallest where there is no value', null, SECOND_SCALES, 's'],
  ])('%s', (_, value, scales, label) => {
    expect(fittingScale(value, scales, null)?.label).toBe(label);
  });

  test('is the usual one while there is no value, or none at all', () => {
    const usual = SECOND_SCALES[1] ?? null;
    expect(fittingScale(null, SECOND_SCALES, usual)).toBe(usual);
    expect(fittingScale(0, SECOND_SCALES, usual)).toBe(usual);
  });
});
