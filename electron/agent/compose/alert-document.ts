import { formatDuration, formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { activeAlertBlocks } from './active-alerts.ts';
import { cleanName } from './clean-text.ts';
import type { AlertNotice, ComposeContext } from './compose.ts';
import {
  conditionItem,
  leadCondition,
  limitText,
  remarkText,
  titleText,
  valueText,
  worstFirst,
} from './condition-words.ts';
import { type Block, facts, type MailDocument, paragraphs, type Section, section } from './mail-document.ts';
import { smallPrint } from './small-print.ts';
import { capitalised, SEVERITY_WORDS, type Tone } from './tone.ts';

/** From here on a mail says that it was written late. */
const DELAY_WORTH_SAYING_MS = 60_000;

/** The mail of an alert that fired, still fires or is over. */
export function alertDocument(
  notice: AlertNotice,
  context: ComposeContext,
  route: RouteChoice,
): MailDocument {
  return {
    tone: alertTone(notice),
    state: alertState(notice, context),
    headline: `${cleanName(notice.name)} on ${cleanName(context.installation)}`,
    sections: [
      section(null, ...figureBlocks(notice), timeFacts(notice, context)),
      ...conditionSections(notice),
      otherAlertsSection(notice, context),
      section('What happens next', paragraphs(...nextSentences(notice, context))),
    ],
    smallPrint: smallPrint(context, route),
  };
}

function alertTone(notice: AlertNotice): Tone {
  return notice.kind === 'resolved' ? 'ok' : notice.severity;
}

function alertState(notice: AlertNotice, context: ComposeContext): string {
  switch (notice.kind) {
    case 'alert':
      return capitalised(SEVERITY_WORDS[notice.severity]);
    case 'reminder':
      return notice.isSteady === true
        ? 'Firing, and no longer flapping'
        : `Still firing after ${formatDuration(context.now - notice.firedAt)}`;
    case 'flapping':
      return 'Flapping';
    case 'resolved':
      return `Resolved after ${formatDuration(endOf(notice, context) - notice.since)}`;
  }
}

function endOf(notice: AlertNotice, context: ComposeContext): number {
  return notice.resolvedAt ?? context.now;
}

function figureBlocks(notice: AlertNotice): Block[] {
  const lead = leadCondition(notice.conditions);
  if (lead === null) return [];
  return [
    {
      kind: 'figure',
      tone: alertTone(notice),
      title: notice.kind === 'resolved' ? `${titleText(lead.settings)} (now)` : titleText(lead.settings),
      value: valueText(lead),
      limit: limitText(lead.settings),
      note: remarkText(lead.reading),
    },
  ];
}

function timeFacts(notice: AlertNotice, context: ComposeContext): Block {
  const at = (ms: number) => formatTime(ms, context.timeZone);
  const severity = capitalised(SEVERITY_WORDS[notice.severity]);
  const held = notice.firedAt - notice.since >= 1000;
  switch (notice.kind) {
    case 'alert':
    case 'reminder':
      return facts(
        ['Severity', notice.kind === 'reminder' ? severity : null],
        ['Since', at(notice.since)],
        ['For', lengthText(context.now - notice.since)],
        ['Fired', held || notice.kind === 'reminder' ? at(notice.firedAt) : null],
        [
          'Delay',
          notice.kind === 'alert' ? delayText(context.now - notice.firedAt, 'the alert fired') : null,
        ],
      );
    case 'flapping':
      return facts(
        ['Severity', severity],
        ['Changed', flappingText(notice, context)],
        ['Since', at(notice.since)],
      );
    case 'resolved':
      return facts(
        ['Severity', severity],
        ['Began', at(notice.since)],
        ['Ended', at(endOf(notice, context))],
        ['Lasted', lengthText(endOf(notice, context) - notice.since)],
        ['Delay', delayText(context.now - endOf(notice, context), 'it was over')],
      );
  }
}

/** "7 times in 4 min". */
export function flappingText({ flapping, firedAt }: AlertNotice, context: ComposeContext): string {
  const since = flapping?.since ?? firedAt;
  return `${flapping?.changes ?? 0} times in ${formatDuration(context.now - since, 1)}`;
}

function lengthText(ms: number): string {
  return ms < 1000 ? 'less than a second' : formatDuration(ms);
}

function delayText(ms: number, event: string): string | null {
  return ms < DELAY_WORTH_SAYING_MS ? null : `Written ${formatDuration(ms)} after ${event}`;
}

/** Where there is one condition, the figure has said it all. */
function conditionSections(notice: AlertNotice): Section[] {
  if (notice.conditions.length < 2) return [];
  const title = notice.match === 'any' ? 'Conditions (any is enough)' : 'Conditions (all must hold)';
  const items = worstFirst(notice.conditions).map((view) => conditionItem(view, notice.severity));
  return [section(title, { kind: 'list', items })];
}

function otherAlertsSection(notice: AlertNotice, context: ComposeContext): Section {
  const blocks =
    notice.otherActive.length === 0
      ? [paragraphs('No other alert is firing.')]
      : activeAlertBlocks(notice.otherActive, context);
  return section('Other active alerts', ...blocks);
}

function nextSentences(notice: AlertNotice, context: ComposeContext): string[] {
  if (notice.kind === 'resolved') {
    const over = 'It is over, and nothing more is sent about it. If it happens again, that is a new alert.';
    return notice.isUntold === true
      ? [
          'It fired and was over again while mail about it was held, so this is the first mail about it.',
          over,
        ]
      : [over];
  }
  if (notice.kind === 'flapping') {
    return [
      'It comes and goes. Its changes are counted from now on, not mailed; when it has come to rest, a mail says how.',
      ...(notice.nextReminderAt === null
        ? []
        : [
            `If it still flaps at ${formatTime(notice.nextReminderAt, context.timeZone)}, a mail says so then.`,
          ]),
    ];
  }
  if (notice.nextReminderAt === null && notice.notifyOnRecovery === false) {
    return ['Nothing more is sent about it: no reminder, and no mail when it is over.'];
  }
  const reminder =
    notice.nextReminderAt === null
      ? 'No reminder will be sent.'
      : `If it is not over by ${formatTime(notice.nextReminderAt, context.timeZone)}, a reminder is sent then.`;
  const recovery =
    notice.notifyOnRecovery === false
      ? 'No mail is sent when it is over.'
      : 'When it is over, a mail says so.';
  return [`${reminder} ${recovery}`];
}
