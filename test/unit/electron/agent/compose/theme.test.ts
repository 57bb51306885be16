import { describe, expect, test } from 'vitest';
import { CHART_COLOUR, PALETTE, type Role } from '../../../../../electron/agent/compose/html/theme.ts';
import { contrast } from './contrast.ts';

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
