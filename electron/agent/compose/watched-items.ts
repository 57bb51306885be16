import type { MetricName } from '../../../shared/model/metrics.ts';
import { cleanName } from './clean-text.ts';
import type { WatchedItem } from './compose.ts';
import { conditionNote, notYetText, titleText, valueText } from './condition-words.ts';
import { type Block, type ListItem, paragraphs } from './mail-document.ts';
import { capitalised, compareTones, SEVERITY_WORDS, type Tone, worstTone } from './tone.ts';

/**
 * So many watched items are listed, the worst first. Gmail cuts a mail off after 102 KB; these take 50 of them and leave room
 * for the charts of CPU and memory.
 */
const LISTED_MAX = 40;

/** What a watched item's state amounts to, in one word of each kind. */
type Verdict = 'firing' | 'unknown' | 'limit passed' | 'all right' | 'disabled';

/** The verdict over one watched item. */
function verdictOf(item: WatchedItem): Verdict {
  if (item.alertPhase === 'disabled') return 'disabled';
  if (item.phase === 'holding' && item.alertPhase === 'firing') return 'firing';
  if (item.reading.value === null) return 'unknown';
  return item.phase === 'clear' ? 'all right' : 'limit passed';
}

/** How a verdict looks. */
function verdictTone(item: WatchedItem): Tone {
  switch (verdictOf(item)) {
    case 'firing':
    case 'limit passed':
      return item.severity;
    case 'unknown':
      return 'unknown';
    case 'all right':
      return 'ok';
    case 'disabled':
      return 'plain';
  }
}

/** What is watched among some metrics: how it stands and how it looks. */
export function verdictOver(
  watched: readonly WatchedItem[],
  concerns: (metric: MetricName, target: string | undefined) => boolean,
): { readonly tone: Tone; readonly words: string } {
  const items = watched.filter(
    (item) => item.alertPhase !== 'disabled' && concerns(item.settings.metric, item.settings.target),
  );
  if (items.length === 0) return { tone: 'plain', words: 'Not watched' };
  const verdicts = new Set(items.map(verdictOf));
  const order: readonly Verdict[] = ['firing', 'limit passed', 'unknown', 'all right'];
  const worst = order.find((verdict) => verdicts.has(verdict)) ?? 'all right';
  const tones = items.filter((item) => verdictOf(item) === worst).map(verdictTone);
  return { tone: worstTone(tones, 'ok'), words: capitalised(worst) };
}

/** "6 all right, 1 firing, 1 unknown". */
export function verdictCounts(items: readonly WatchedItem[]): string {
  const order: readonly Verdict[] = ['firing', 'limit passed', 'unknown', 'all right', 'disabled'];
  return order
    .map((verdict) => ({ verdict, count: items.filter((item) => verdictOf(item) === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(', ');
}

/** Every watched item with its value, limit and verdict, the worst first. */
export function watchedBlocks(watched: readonly WatchedItem[]): Block[] {
  if (watched.length === 0) return [paragraphs('Nothing is watched: no conditional alert is set up.')];
  const sorted = watched.toSorted(
    (left, right) =>
      verdictRank(left) - verdictRank(right) || compareTones(verdictTone(left), verdictTone(right)),
  );
  const rest = sorted.slice(LISTED_MAX);
  const items = sorted.slice(0, LISTED_MAX).map(watchedEntry);
  const more = rest.length === 0 ? [] : [paragraphs(`And ${rest.length} more: ${verdictCounts(rest)}.`)];
  return [{ kind: 'list', items }, ...more];
}

function verdictRank(item: WatchedItem): number {
  switch (verdictOf(item)) {
    case 'firing':
      return 0;
    case 'limit passed':
      return 1;
    case 'unknown':
      return 2;
    case 'all right':
      return 3;
    case 'disabled':
      return 4;
  }
}

function watchedEntry(item: WatchedItem): ListItem {
  const note = conditionNote(verdictWords(item), item, `Alert: ${cleanName(item.alertName)}`);
  return { tone: verdictTone(item), title: titleText(item.settings), value: valueText(item), note };
}

function verdictWords(item: WatchedItem): string | null {
  switch (verdictOf(item)) {
    case 'firing':
      return `Firing, ${SEVERITY_WORDS[item.severity]}`;
    case 'limit passed':
      return item.phase === 'met' && item.settings.forSeconds > 0
        ? notYetText(item.settings)
        : 'Met; the alert waits for its other conditions';
    case 'unknown':
      return null;
    case 'all right':
      return 'All right';
    case 'disabled':
      return 'Disabled';
  }
}
