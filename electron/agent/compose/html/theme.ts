import type { CSSProperties } from 'react';
import type { Tone } from '../tone.ts';

/** What a colour is for; never its name. */
export type Role = Tone | 'page' | 'card' | 'text' | 'muted' | 'line' | 'track';

interface Shades {
  readonly light: string;
  readonly dark: string;
}

/** Colours by role. Text on a card has a contrast of at least 4.5 in light and dark (WCAG 2.2, 1.4.3); a test counts it. */
export const PALETTE: Readonly<Record<Role, Shades>> = {
  page: { light: '#f3f4f6', dark: '#111418' },
  card: { light: '#ffffff', dark: '#1b2026' },
  text: { light: '#1b1f24', dark: '#e7eaee' },
  muted: { light: '#57606a', dark: '#a4adb8' },
  line: { light: '#dfe3e8', dark: '#343b44' },
  track: { light: '#e6e9ed', dark: '#343b44' },
  critical: { light: '#b3261e', dark: '#ff8f85' },
  warning: { light: '#8a5600', dark: '#f0b64e' },
  info: { light: '#0b5cb8', dark: '#82b8ff' },
  ok: { light: '#1a7338', dark: '#67cc86' },
  unknown: { light: '#57606a', dark: '#a4adb8' },
  plain: { light: '#57606a', dark: '#a4adb8' },
};

/**
 * The bars of charts: one colour for light and dark, which needs no class on each of hundreds of bars. On the track its
 * contrast is 3 in both (WCAG 2.2, 1.4.11); a test counts it.
 */
export const CHART_COLOUR = '#3d85dc';

/**
 * The system's own fonts. Segoe UI first: Outlook's Word engine takes Times where it does not know the first one. It stands
 * on every cell, because that engine does not inherit it; so it is short.
 */
const FONT = 'Segoe UI,system-ui,sans-serif';

/** Letters of one width, for what a program set out in columns. Consolas first, for the same reason. */
export const FIXED_FONT = 'Consolas,Menlo,monospace';

/** What an element is painted with: the light colours inline, and classes by which the dark ones replace them. */
export interface Paint {
  readonly className: string;
  readonly style: CSSProperties;
}

/** Paints an element by roles: `fg` its text, `bg` its ground, `border` its hairlines. */
export function paint(
  roles: { readonly fg?: Role; readonly bg?: Role; readonly border?: Role },
  style: CSSProperties = {},
): Paint {
  const { fg, bg, border } = roles;
  const classes = [fg && `fg-${fg}`, bg && `bg-${bg}`, border && `bd-${border}`];
  return {
    className: classes.filter((name) => name !== undefined).join(' '),
    style: {
      ...style,
      ...(fg && { color: PALETTE[fg].light }),
      ...(bg && { backgroundColor: PALETTE[bg].light }),
      ...(border && { borderColor: PALETTE[border].light }),
    },
  };
}

/** Text of one size. */
export function type(sizePx: number, lineHeightPx: number, weight: 400 | 600 = 400): CSSProperties {
  return { fontFamily: FONT, fontSize: sizePx, lineHeight: `${lineHeightPx}px`, fontWeight: weight };
}

/** For the whole mail, which hands it down: a long word breaks rather than widen the column. */
export const BREAKING: CSSProperties = { wordBreak: 'break-word', overflowWrap: 'anywhere' };

/** The one style sheet of a mail: dark colours for programs that read it. Without it, the mail is light. */
export function darkStyleSheet(): string {
  const rules = Object.entries(PALETTE).map(
    ([role, { dark }]) =>
      `.fg-${role}{color:${dark}!important}` +
      `.bg-${role}{background-color:${dark}!important}` +
      `.bd-${role}{border-color:${dark}!important}`,
  );
  return `:root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){${rules.join('')}}`;
}
