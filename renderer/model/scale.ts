import type { Unit } from '../../shared/model/metrics.ts';

/** A unit in which a number may be typed: so many of the basic unit. */
export interface Scale {
  readonly label: string;
  readonly factor: number;
}

const SECONDS: readonly Scale[] = [
  { label: 's', factor: 1 },
  { label: 'min', factor: 60 },
  { label: 'h', factor: 3600 },
  { label: 'days', factor: 86_400 },
];

/** Lengths of time that the settings hold in seconds. */
export const SECOND_SCALES = SECONDS;

/** Lengths of time that the settings hold in minutes. */
export const MINUTE_SCALES: readonly Scale[] = [
  { label: 'min', factor: 1 },
  { label: 'h', factor: 60 },
  { label: 'days', factor: 1440 },
];

const BYTES: readonly Scale[] = [
  { label: 'KiB', factor: 1024 },
  { label: 'MiB', factor: 1024 ** 2 },
  { label: 'GiB', factor: 1024 ** 3 },
  { label: 'TiB', factor: 1024 ** 4 },
];

/** The units in which a limit on a measured number may be typed, from small to large. */
export const UNIT_SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  percent: [{ label: '%', factor: 1 }],
  ratio: [{ label: 'per core', factor: 1 }],
  bytes: BYTES,
  bytesPerSecond: BYTES.slice(0, 3).map(({ label, factor }) => ({ label: `${label}/s`, factor })),
  count: [{ label: '', factor: 1 }],
  milliseconds: [{ label: 'ms', factor: 1 }],
  seconds: SECONDS,
  days: [{ label: 'days', factor: 1 }],
  celsius: [{ label: '°C', factor: 1 }],
  status: [{ label: '', factor: 1 }],
};

/** The unit that people would write a value in: the largest of which it is a whole number, else the largest it fills. */
export function fittingScale(
  value: number | null,
  scales: readonly Scale[],
  usual: Scale | null,
): Scale | null {
  const [first] = scales;
  if (value === null || value === 0) return usual ?? first ?? null;
  const whole = scales.findLast(({ factor }) => value % factor === 0 && Math.abs(value) >= factor);
  return whole ?? scales.findLast(({ factor }) => Math.abs(value) >= factor) ?? first ?? null;
}
