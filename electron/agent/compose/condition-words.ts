import type { ConditionSettings } from '../../../shared/contract/settings.ts';
import { conditionTitle, formatDuration, formatRule, formatValue } from '../../../shared/format.ts';
import type { Severity } from '../../../shared/model/alert.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import { cleanLine, cutTo } from './clean-text.ts';
import type { ConditionView } from './compose.ts';
import type { ListItem } from './mail-document.ts';
import type { Tone } from './tone.ts';

/** Longest target, remark of a source or reason of an unknown reading that a mail carries. */
const WORDS_MAX = 300;

/** "Disk / used". */
export function titleText(condition: ConditionSettings): string {
  return cutTo(cleanLine(conditionTitle(condition)), WORDS_MAX);
}

/** "91.3 %", with as many decimals as it takes to differ from the limit. */
export function valueText({ settings, reading }: Pick<ConditionView, 'settings' | 'reading'>): string {
  const limit = settings.above ?? settings.below;
  return cutTo(cleanLine(formatValue(settings.metric, reading.value, limit)), WORDS_MAX);
}

/** "Alert when above 90 % for 5 min". */
export function limitText(condition: ConditionSettings): string {
  return cleanLine(`Alert when ${formatRule(condition)}`);
}

/** What the source said beside the value, or why there is none; null where it said nothing. */
export function remarkText(reading: Reading): string | null {
  if (reading.value === null) return `Cannot be measured: ${cutTo(cleanLine(reading.unknown), WORDS_MAX)}`;
  const detail = cutTo(cleanLine(reading.detail ?? ''), WORDS_MAX);
  return detail === '' ? null : detail;
}

const PHASE_RANKS = { holding: 0, met: 1, clear: 2 } as const;

/** Conditions in the order in which people want to read them: those that hold, those that are met, the others. */
export function worstFirst(conditions: readonly ConditionView[]): ConditionView[] {
  return conditions.toSorted((left, right) => PHASE_RANKS[left.phase] - PHASE_RANKS[right.phase]);
}

/** The condition that a mail speaks of first; null only where there is none. */
export function leadCondition(conditions: readonly ConditionView[]): ConditionView | null {
  return worstFirst(conditions)[0] ?? null;
}

/** A condition of an alert, with its value, its limit and whether it holds. */
export function conditionItem(view: ConditionView, severity: Severity): ListItem {
  const { tone, words } = phaseWords(view, severity);
  return { tone, title: titleText(view.settings), value: valueText(view), note: conditionNote(words, view) };
}

/** Sentences below a condition: how it stands, or why that is unknown; its limit; what else there is to say. */
export function conditionNote(
  words: string | null,
  { settings, reading }: Pick<ConditionView, 'settings' | 'reading'>,
  ...more: readonly string[]
): string {
  const sentences = [words, remarkText(reading), limitText(settings), ...more];
  return sentences
    .filter((text) => text !== null)
    .map((text) => (/[.?!…]$/.test(text) ? text : `${text}.`))
    .join(' ');
}

function phaseWords(
  { phase, reading, settings }: ConditionView,
  severity: Severity,
): { tone: Tone; words: string | null } {
  switch (phase) {
    case 'holding':
      return { tone: severity, words: reading.value === null ? 'Held when last measured' : 'Holds' };
    case 'met':
      return { tone: severity, words: notYetText(settings) };
    case 'clear':
      return reading.value === null
        ? { tone: 'unknown', words: null }
        : { tone: 'ok', words: 'Does not hold' };
  }
}

/** For a condition that is met and whose hold time still runs. */
export function notYetText(condition: ConditionSettings): string {
  return `Met, not yet for ${formatDuration(condition.forSeconds * 1000, 4)}`;
}
