import { formatDuration, formatLimit, formatTime } from '../../../shared/format.ts';
import { flappingText } from './alert-document.ts';
import { cleanName } from './clean-text.ts';
import type { AlertNotice, ComposeContext, ConditionView, GroupNotice } from './compose.ts';
import { leadCondition, titleText, valueText } from './condition-words.ts';
import { cutToSeptets, toGsm } from './gsm-alphabet.ts';
import { groupView } from './group-view.ts';
import { SEVERITY_WORDS } from './tone.ts';

/** One text message (3GPP TS 23.040 9.2.3.16). */
const SMS_SEPTETS = 160;
/** Names give way to the value, which is what the message is for. */
const INSTALLATION_SEPTETS = 24;
const NAME_SEPTETS = 40;
const TARGET_SEPTETS = 32;
/** More names than these never fit. */
const NAMED_MAX = 6;

/** The text message of an alert: "CRITICAL front-desk: Disk nearly full. Disk / used: 91.3 %, limit above 90 %. Since …". */
export function smsText(notice: AlertNotice, context: ComposeContext): string {
  const installation = shortName(context.installation, INSTALLATION_SEPTETS);
  const name = shortName(notice.name, NAME_SEPTETS);
  const sentences = [`${smsMark(notice, context)} ${installation}: ${name}`, ...conditionSentences(notice)];
  const text = [...sentences, timeSentence(notice, context)].join('. ').replaceAll('... ', '.. ');
  return cutToSeptets(toGsm(text), SMS_SEPTETS);
}

/** "CRITICAL front-desk: 3 alerts, 1 resolved. Disk nearly full: 91.3 %. Backup too old: 3 days. Mail server: resolved". */
export function groupSmsText(group: GroupNotice, context: ComposeContext): string {
  const { worst, active, resolved } = groupView(group);
  const installation = shortName(context.installation, INSTALLATION_SEPTETS);
  const held = group.heldBack === null ? '' : ' held back';
  const counts = [
    ...(active.length > 0 ? [`${active.length} alert${active.length === 1 ? '' : 's'}${held}`] : []),
    ...(resolved.length > 0 ? [`${resolved.length} resolved`] : []),
  ];
  const mark = worst.kind === 'resolved' ? 'RESOLVED' : SEVERITY_WORDS[worst.severity].toUpperCase();
  const head = `${mark} ${installation}: ${counts.join(', ')}`;
  const names = [...active, ...resolved].slice(0, NAMED_MAX).map((notice) => {
    const lead = leadCondition(notice.conditions);
    const state = notice.kind === 'resolved' || lead === null ? notice.kind : valueText(lead);
    return `${shortName(notice.name, NAME_SEPTETS)}: ${shortened(state, TARGET_SEPTETS)}`;
  });
  const text = [head, ...names].join('. ').replaceAll('... ', '.. ');
  return cutToSeptets(toGsm(text), SMS_SEPTETS);
}

/** The subject of the mail to the gateway, which some gateways put in front of the text: the installation, short. */
export function smsSubject(context: ComposeContext): string {
  return shortName(context.installation, INSTALLATION_SEPTETS);
}

function smsMark(notice: AlertNotice, context: ComposeContext): string {
  switch (notice.kind) {
    case 'alert':
      return SEVERITY_WORDS[notice.severity].toUpperCase();
    case 'reminder':
      return `STILL ${SEVERITY_WORDS[notice.severity].toUpperCase()} after ${formatDuration(context.now - notice.firedAt)},`;
    case 'flapping':
      return `FLAPPING ${SEVERITY_WORDS[notice.severity].toUpperCase()}, changed ${flappingText(notice, context)},`;
    case 'resolved':
      return `RESOLVED after ${formatDuration((notice.resolvedAt ?? context.now) - notice.since)},`;
  }
}

function conditionSentences(notice: AlertNotice): string[] {
  const lead = leadCondition(notice.conditions);
  if (lead === null) return [];
  const title = shortened(titleText(lead.settings), TARGET_SEPTETS);
  return [`${title}: ${shortened(valueText(lead), TARGET_SEPTETS)}${limitClause(lead)}`];
}

/** A state that is the one watched for is its own limit. */
function limitClause({ settings, reading }: ConditionView): string {
  if (settings.is !== undefined && settings.is === reading.value) return '';
  const limit = shortened(formatLimit(settings), TARGET_SEPTETS);
  return settings.is === undefined ? `, limit ${limit}` : `, alert when ${limit}`;
}

function timeSentence(notice: AlertNotice, context: ComposeContext): string {
  const time = notice.kind === 'resolved' ? (notice.resolvedAt ?? context.now) : notice.since;
  return `${notice.kind === 'resolved' ? 'Ended' : 'Since'} ${formatTime(time, context.timeZone)}`;
}

/** Never empty, though the alphabet may leave nothing of a name. */
function shortName(name: string, septets: number): string {
  return cleanName(shortened(cleanName(name), septets));
}

function shortened(text: string, septets: number): string {
  return cutToSeptets(toGsm(text), septets);
}
