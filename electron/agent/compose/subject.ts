import { formatLimit } from '../../../shared/format.ts';
import { formatNumber } from '../../../shared/format-number.ts';
import type { Severity } from '../../../shared/model/alert.ts';
import { flappingText } from './alert-document.ts';
import { cleanLine, cleanName, cutTo } from './clean-text.ts';
import type {
  AlertNotice,
  ComposeContext,
  FileAlert,
  GroupNotice,
  ReportData,
  SystemNotice,
} from './compose.ts';
import { leadCondition, titleText } from './condition-words.ts';
import { groupView } from './group-view.ts';
import { reportState } from './report-state.ts';

/** Longest subject: what mail programs show and no server refuses (RFC 5322 2.1.1 allows 998). */
export const SUBJECT_MAX = 200;

const SEVERITY_MARKS: Readonly<Record<Severity, string>> = {
  critical: '[CRITICAL]',
  warning: '[WARNING]',
  info: '[INFO]',
};
/** At the head of a subject of the administrator's own: it gives way to [RESOLVED], [REMINDER] and [FLAPPING]. */
const LEADING_MARK = /^\[(?:critical|warning|info|resolved|reminder|flapping)\]\s*/i;

/**
 * "[CRITICAL] front-desk: Disk nearly full, Disk / used above 90 %". A subject of the administrator's own replaces it;
 * in front of that, reminders and resolved mails still bear their mark, so that they can be told from the alert.
 */
export function alertSubject(notice: AlertNotice, context: ComposeContext): string {
  const own = ownSubject(notice.emailProperties.subject);
  if (own !== null && notice.kind === 'alert') return oneLine(own);
  const body = own?.replace(LEADING_MARK, '') ?? automaticBody(notice, context);
  return oneLine(`${alertMark(notice)} ${body}`);
}

function alertMark(notice: AlertNotice): string {
  switch (notice.kind) {
    case 'alert':
      return SEVERITY_MARKS[notice.severity];
    case 'reminder':
      return '[REMINDER]';
    case 'resolved':
      return '[RESOLVED]';
    case 'flapping':
      return '[FLAPPING]';
  }
}

function automaticBody(notice: AlertNotice, context: ComposeContext): string {
  const name = `${cleanName(context.installation)}: ${cleanName(notice.name)}`;
  if (notice.kind === 'flapping') return `${name} changed ${flappingText(notice, context)}`;
  const lead = leadCondition(notice.conditions);
  const condition = lead === null ? '' : `, ${titleText(lead.settings)} ${formatLimit(lead.settings)}`;
  return `${name}${condition}`;
}

/** So many alerts are named in a subject; phones show little more than the first. */
const NAMED_MAX = 3;

/** "[CRITICAL] front-desk: 3 alerts: Disk nearly full, Backup too old, Mail server". */
export function groupSubject(group: GroupNotice, context: ComposeContext): string {
  const { worst, names } = groupView(group);
  const named = names.slice(0, NAMED_MAX).map(cleanName);
  const list = names.length > NAMED_MAX ? [...named, '…'] : named;
  const alerts = names.length === 1 ? 'alert' : 'alerts';
  const held = group.heldBack === null ? '' : ' held back';
  const count = `${formatNumber(names.length, 0)} ${alerts}${held}`;
  return oneLine(`${alertMark(worst)} ${cleanName(context.installation)}: ${count}: ${list.join(', ')}`);
}

/** "Status report: front-desk, all right". */
export function reportSubject(data: ReportData, context: ComposeContext): string {
  const own = ownSubject(data.emailProperties.subject);
  return oneLine(own ?? `Status report: ${cleanName(context.installation)}, ${reportState(data).summary}`);
}

/** "[WARNING] front-desk: Backup failed"; the subject of the settings takes the place of the request's. */
export function fileAlertSubject(alert: FileAlert, context: ComposeContext): string {
  const own = ownSubject(alert.emailProperties.subject);
  const body = own ?? `${cleanName(context.installation)}: ${cleanName(alert.subject)}`;
  return oneLine(`${SEVERITY_MARKS[alert.severity]} ${body.replace(LEADING_MARK, '')}`);
}

/** "[WARNING] front-desk: Mail path down". */
export function noticeSubject(notice: SystemNotice, context: ComposeContext): string {
  return oneLine(
    `${SEVERITY_MARKS[notice.severity]} ${cleanName(context.installation)}: ${cleanName(notice.subject)}`,
  );
}

/** "Test message from front-desk". */
export function testSubject(context: ComposeContext): string {
  return oneLine(`Test message from ${cleanName(context.installation)}`);
}

function ownSubject(subject: string | null): string | null {
  const text = cleanLine(subject ?? '');
  return text === '' ? null : text;
}

function oneLine(text: string): string {
  return cutTo(cleanLine(text), SUBJECT_MAX);
}
