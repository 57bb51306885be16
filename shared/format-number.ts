/**
 * A number with at most `maxDigits` decimals, thousands separated: "1,234.5". Trailing zeros are left out, halves are
 * rounded away from zero. As Intl.NumberFormat writes it in English; not by it, because its tables cost an agent 7 MB of
 * memory.
 */
export function formatNumber(value: number, maxDigits = 1): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}∞`;
  const { digits, point } = decimalDigits(Math.abs(value));
  // One zero in front, for what a rounding carries over.
  const kept = `0${'0'.repeat(Math.max(0, -point))}${digits}`;
  const wholeLength = 1 + Math.max(0, point);
  const rounded = roundedAt(kept.padEnd(wholeLength + maxDigits, '0'), wholeLength + maxDigits);
  const whole = rounded.slice(0, wholeLength).replace(/^0+(?=\d)/, '');
  const decimals = rounded.slice(wholeLength).replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${sign}${grouped}${decimals === '' ? '' : `.${decimals}`}`;
}

/** The fewest digits that tell the number from its neighbours, and before which of them the point stands. */
function decimalDigits(value: number): { readonly digits: string; readonly point: number } {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const point = Number(exponent) + 1;
  return { digits: digits.padEnd(point, '0'), point };
}

function roundedAt(digits: string, length: number): string {
  if ((digits[length] ?? '0') < '5') return digits.slice(0, length);
  const kept = digits.slice(0, length);
  return (BigInt(kept) + 1n).toString().padStart(length, '0');
}
