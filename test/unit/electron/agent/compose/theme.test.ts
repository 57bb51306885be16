import { describe, expect, test } from 'vitest';
import { CHART_COLOUR, PALETTE, type Role } from '../../../../../electron/agent/compose/html/theme.ts';

/** Contrast of two colours such as #1b1f24 (WCAG 2.2, "contrast ratio"). */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const TEXT: readonly Role[] = ['text', 'muted', 'critical', 'warning', 'info', 'ok', 'unknown', 'plain'];
const SHADES = ['light', 'dark'] as const;

describe('colours', () => {
  test.each(TEXT.flatMap((role) => SHADES.map((shade) => [role, shade] as const)))(
    '%s can be read on a card, %s',
    (role, shade) => {
      expect(contrast(PALETTE[role][shade], PALETTE.card[shade])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(PALETTE[role][shade], PALETTE.track[shade])).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(SHADES)('bars of charts stand out from their ground, %s', (shade) => {
    expect(contrast(CHART_COLOUR, PALETTE.track[shade])).toBeGreaterThanOrEqual(3);
    expect(contrast(CHART_COLOUR, PALETTE.card[shade])).toBeGreaterThanOrEqual(3);
  });

  test('contrast is counted as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });
});
