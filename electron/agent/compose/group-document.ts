import { formatDuration, formatTime } from '../../../shared/format.ts';
import { formatNumber } from '../../../shared/format-number.ts';
import { SEVERITIES } from '../../../shared/model/alert.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { activeAlertBlocks } from './active-alerts.ts';
import { flappingText } from './alert-document.ts';
import { cleanName } from './clean-text.ts';
import type { AlertNotice, ComposeContext, GroupNotice } from './compose.ts';
import { leadCondition, limitText, remarkText, titleText, valueText } from './condition-words.ts';
import { type GroupView, groupView } from './group-view.ts';
import { type Block, type ListItem, type MailDocument, paragraphs, section } from './mail-document.ts';
import { smallPrint } from './small-print.ts';
import { capitalised, SEVERITY_WORDS } from './tone.ts';

/** So many alerts are listed by name; the rest are counted. */
export const LISTED_MAX = 50;

/** The mail about several alerts: the worst first, what is over after what fires. `listed`: how many stand in it by name. */
export function groupDocument(
  group: GroupNotice,
  context: ComposeContext,
  route: RouteChoice,
  listed: number,
): MailDocument {
  const view = groupView(group);
  const active = view.active.slice(0, listed);
  const resolved = view.resolved.slice(0, listed - active.length);
  const rest = view.notices.slice(active.length + resolved.length);
  const more = rest.length === 0 ? [] : [restParagraph(active, resolved, view)];
  return {
    tone: view.worst.kind === 'resolved' ? 'ok' : view.worst.severity,
    state: view.worst.kind === 'resolved' ? 'Resolved' : capitalised(SEVERITY_WORDS[view.worst.severity]),
    headline: `${countsText(view)} on ${cleanName(context.installation)}`,
    sections: [
      ...(group.heldBack === null ? [] : [section('Held back', heldBackParagraph(group, context))]),
      ...(active.length === 0 ? [] : [section(null, listOf(active, context))]),
      ...(resolved.length === 0 ? [] : [section('Resolved', listOf(resolved, context))]),
      ...more.map((block) => section('Not listed', block)),
      section('Other active alerts', ...otherBlocks(group, context)),
      section('What happens next', paragraphs(...nextSentences(view, context))),
    ],
    smallPrint: smallPrint(context, route),
  };
}

/** "2 alerts, and 1 resolved". */
function countsText({ active, resolved }: GroupView): string {
  const alerts = (count: number) => (count === 1 ? '1 alert' : `${formatNumber(count, 0)} alerts`);
  if (active.length === 0) return alerts(resolved.length);
  const over = resolved.length === 0 ? '' : `, and ${formatNumber(resolved.length, 0)} resolved,`;
  return `${alerts(active.length)}${over}`;
}

function listOf(notices: readonly AlertNotice[], context: ComposeContext): Block {
  return { kind: 'list', items: notices.map((notice) => noticeItem(notice, context)) };
}

/** What and where with its number; the limit, since when and how it stands in the sentence below. */
function noticeItem(notice: AlertNotice, context: ComposeContext): ListItem {
  const lead = leadCondition(notice.conditions);
  const sentences =
    lead === null
      ? [stateWords(notice, context), timeWords(notice, context)]
      : [
          stateWords(notice, context),
          `${titleText(lead.settings)}${notice.kind === 'resolved' ? ` is ${valueText(lead)} now` : ''}, ${limitText(lead.settings).replace(/^Alert/, 'alert')}`,
          remarkText(lead.reading) ?? '',
          timeWords(notice, context),
        ];
  return {
    tone: notice.kind === 'resolved' ? 'ok' : notice.severity,
    title: cleanName(notice.name),
    value: notice.kind === 'resolved' ? lengthText(notice, context) : lead === null ? '' : valueText(lead),
    note: sentences
      .filter((text) => text !== '')
      .map((text) => (/[.?!…]$/.test(text) ? text : `${text}.`))
      .join(' '),
  };
}

function stateWords(notice: AlertNotice, context: ComposeContext): string {
  const severity = capitalised(SEVERITY_WORDS[notice.severity]);
  switch (notice.kind) {
    case 'alert':
      return severity;
    case 'reminder':
      return notice.isSteady === true ? `${severity}, no longer flapping` : `${severity}, still firing`;
    case 'flapping':
      return `${severity}, flapping: changed ${flappingText(notice, context)}`;
    case 'resolved':
      return notice.isUntold === true ? 'Fired and resolved since the last mail' : 'Resolved';
  }
}

function lengthText(notice: AlertNotice, context: ComposeContext): string {
  return `after ${formatDuration((notice.resolvedAt ?? context.now) - notice.since)}`;
}

function timeWords(notice: AlertNotice, context: ComposeContext): string {
  const at = (ms: number) => formatTime(ms, context.timeZone);
  return notice.kind === 'resolved'
    ? `From ${at(notice.since)} to ${at(notice.resolvedAt ?? context.now)}`
    : `Since ${at(notice.since)}, for ${formatDuration(context.now - notice.since)}`;
}

/** "And 9,950 more: 120 critical, 9,830 warning." */
function restParagraph(
  active: readonly AlertNotice[],
  resolved: readonly AlertNotice[],
  view: GroupView,
): Block {
  const hidden = view.active.slice(active.length);
  const over = view.resolved.length - resolved.length;
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = hidden.filter((notice) => notice.severity === severity).length;
    return count === 0 ? [] : [`${formatNumber(count, 0)} ${SEVERITY_WORDS[severity]}`];
  });
  const all = [...counts, ...(over === 0 ? [] : [`${formatNumber(over, 0)} resolved`])];
  return paragraphs(
    `And ${formatNumber(hidden.length + over, 0)} more: ${all.join(', ')}. “tocsin status” names those that fire.`,
  );
}

function otherBlocks({ otherActive }: GroupNotice, context: ComposeContext): Block[] {
  return otherActive.length === 0
    ? [paragraphs('No other alert is firing.')]
    : activeAlertBlocks(otherActive, context);
}

function heldBackParagraph({ heldBack, recipients, sms }: GroupNotice, context: ComposeContext): Block {
  const count = heldBack?.count ?? 0;
  const perHour = heldBack?.perHour ?? 0;
  const since = formatTime(heldBack?.since ?? context.now, context.timeZone);
  const address = [...recipients, ...sms].map(cleanName).join(', ');
  const notices = count === 1 ? '1 notice was' : `${formatNumber(count, 0)} notices were`;
  return paragraphs(
    `${notices} held back since ${since}, because ${perHour} mails had gone to ${address} within an hour. This mail tells all of them, as things stand now.`,
  );
}

function nextSentences({ active }: GroupView, context: ComposeContext): string[] {
  if (active.length === 0)
    return [
      'They are over, and nothing more is sent about them. If they happen again, those are new alerts.',
    ];
  const reminders = active.flatMap(({ nextReminderAt }) => nextReminderAt ?? []);
  const reminder =
    reminders.length === 0
      ? 'No reminder will be sent.'
      : `What is not over by ${formatTime(Math.min(...reminders), context.timeZone)} is told again from then on.`;
  return [`What changes within the next minutes is joined into one mail. ${reminder}`];
}
