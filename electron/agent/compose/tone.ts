import type { Severity } from '../../../shared/model/alert.ts';

/** What a line of a mail says about the state of a thing. `plain`: nothing is claimed, such as for what is not watched. */
export type Tone = 'critical' | 'warning' | 'info' | 'ok' | 'unknown' | 'plain';

/** A shape for each tone, so that state is never colour alone. A word always goes with it. */
export const GLYPHS: Readonly<Record<Tone, string>> = {
  critical: '◆',
  warning: '▲',
  info: '■',
  ok: '●',
  unknown: '○',
  plain: '–',
};

/** Severities as words inside a sentence or at its beginning. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  warning: 'warning',
  info: 'information',
};

const RANKS: Readonly<Record<Tone, number>> = {
  critical: 0,
  warning: 1,
  unknown: 2,
  info: 3,
  plain: 4,
  ok: 5,
};

/** Orders tones by how much they matter: the worst first. */
export function compareTones(left: Tone, right: Tone): number {
  return RANKS[left] - RANKS[right];
}

/** The tone that matters most; `otherwise` where there is none. */
export function worstTone(tones: readonly Tone[], otherwise: Tone): Tone {
  return [...tones].sort(compareTones)[0] ?? otherwise;
}

/** "Critical" from "critical". */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
