import { formatDuration, formatTime } from '../../../shared/format.ts';
import { cleanName } from './clean-text.ts';
import type { ActiveAlert, ComposeContext } from './compose.ts';
import type { Block, ListItem } from './mail-document.ts';
import { capitalised, compareTones, SEVERITY_WORDS } from './tone.ts';

/** So many active alerts are listed by name; the rest are counted. */
const LISTED_MAX = 20;

/** Active alerts as a list, the worst and then the oldest first. */
export function activeAlertBlocks(alerts: readonly ActiveAlert[], context: ComposeContext): Block[] {
  const sorted = alerts.toSorted(
    (left, right) => compareTones(left.severity, right.severity) || left.since - right.since,
  );
  const items = sorted.slice(0, LISTED_MAX).map((alert) => activeAlertItem(alert, context));
  const rest = alerts.length - items.length;
  const more: Block = { kind: 'paragraphs', paragraphs: [`And ${rest} more.`] };
  return [{ kind: 'list', items }, ...(rest > 0 ? [more] : [])];
}

function activeAlertItem(alert: ActiveAlert, context: ComposeContext): ListItem {
  return {
    tone: alert.severity,
    title: cleanName(alert.name),
    value: formatDuration(context.now - alert.since),
    note: `${capitalised(SEVERITY_WORDS[alert.severity])}, since ${formatTime(alert.since, context.timeZone)}`,
  };
}
