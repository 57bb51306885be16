import type { EmailProperties } from '../../../shared/contract/settings.ts';
import type { Message } from '../../../shared/model/message.ts';
import { alertDocument } from './alert-document.ts';
import { cleanName, cutTo } from './clean-text.ts';
import type {
  AlertNotice,
  ComposeContext,
  Composer,
  FileAlert,
  GroupNotice,
  ReportData,
  SystemNotice,
} from './compose.ts';
import { addressed, hasHtml, message, routeOf } from './envelope.ts';
import { fileAlertDocument } from './file-alert-document.ts';
import { groupDocument, LISTED_MAX } from './group-document.ts';
import { groupView } from './group-view.ts';
import { htmlMail } from './html/html-mail.tsx';
import type { MailDocument } from './mail-document.ts';
import { noticeDocument, testDocument } from './notice-document.ts';
import { reportDocument } from './report-document.ts';
import { reportState } from './report-state.ts';
import { groupSmsText, smsSubject, smsText } from './sms-text.ts';
import {
  alertSubject,
  fileAlertSubject,
  groupSubject,
  noticeSubject,
  reportSubject,
  SUBJECT_MAX,
  testSubject,
} from './subject.ts';
import { textMail } from './text-mail.ts';

/**
 * Makes the compose stage. This module brings in react-dom/server (10 MB): import it when the first mail is to be
 * written, not at start-up.
 */
export function createComposer(): Composer {
  return {
    alert: alertMessages,
    group: groupMessages,
    report: reportMessages,
    fileAlert: fileAlertMessages,
    notice: noticeMessages,
    test: testMessage,
  };
}

function alertMessages(notice: AlertNotice, context: ComposeContext): Message[] {
  const { emailProperties } = notice;
  const route = routeOf(emailProperties);
  const common = {
    kind: notice.kind === 'flapping' ? 'alert' : notice.kind,
    severity: notice.severity,
    source: { type: 'alert', name: notice.name },
    causedAt: causedAt(notice, context),
    route,
    priority: emailProperties.priority,
    references: notice.rootMessageId === null ? [] : [notice.rootMessageId],
    incidentId: notice.incidentId,
  } as const;
  const subject = alertSubject(notice, context);
  const bodies = mailBodies(alertDocument(notice, context, route), subject, emailProperties, context);
  const mail = { ...common, subject, ...bodies };
  const sms = { ...common, channel: 'sms', html: null } as const;
  return [
    ...addressed(mail, notice.recipients, context),
    ...addressed(
      { ...sms, subject: smsSubject(context), text: smsText(notice, context) },
      notice.sms,
      context,
    ),
  ];
}

/** Longest list of Message-IDs that a mail refers to: a header line for each is enough for every mail program. */
const REFERENCES_MAX = 20;

function groupMessages(group: GroupNotice, context: ComposeContext): Message[] {
  const { emailProperties } = group;
  const route = routeOf(emailProperties);
  const { notices, names, worst } = groupView(group);
  const [first] = notices;
  if (first === undefined) return [];
  const roots = notices.flatMap(({ rootMessageId }) => rootMessageId ?? []);
  const rest = names.length - 1;
  const common = {
    kind: 'group',
    severity: worst.severity,
    source: { type: 'alert', name: rest === 0 ? first.name : `${first.name} and ${rest} more` },
    causedAt: Math.min(...notices.map((notice) => causedAt(notice, context))),
    route,
    priority: emailProperties.priority,
    // The last is what mail programs take for the mail that is answered: that of the worst incident.
    references: [...new Set(roots)].slice(0, REFERENCES_MAX).toReversed(),
    incidentId: null,
  } as const;
  const subject = groupSubject(group, context);
  const mail = { ...common, subject, ...groupBodies(group, subject, context) };
  const sms = { ...common, channel: 'sms', html: null, subject: smsSubject(context) } as const;
  return [
    ...addressed(mail, group.recipients, context),
    ...addressed({ ...sms, text: groupSmsText(group, context) }, group.sms, context),
  ];
}

/** With as many alerts as there is room for. */
function groupBodies(group: GroupNotice, subject: string, context: ComposeContext) {
  for (let listed = LISTED_MAX; ; listed = Math.floor(listed / 2)) {
    const document = groupDocument(group, context, routeOf(group.emailProperties), listed);
    const bodies = mailBodies(document, subject, group.emailProperties, context);
    if (listed <= 1 || Buffer.byteLength(bodies.html ?? '') <= HTML_MAX_BYTES) return bodies;
  }
}

function causedAt(notice: AlertNotice, context: ComposeContext): number {
  return notice.kind === 'resolved' ? (notice.resolvedAt ?? context.now) : notice.firedAt;
}

function reportMessages(data: ReportData, context: ComposeContext): Message[] {
  const { emailProperties } = data;
  const route = routeOf(emailProperties);
  const { tone } = reportState(data);
  const subject = reportSubject(data, context);
  const draft = {
    kind: 'report',
    severity: tone === 'critical' || tone === 'warning' ? tone : 'info',
    source: { type: 'report', name: data.name },
    causedAt: data.dueAt ?? data.takenAt,
    route,
    priority: emailProperties.priority,
    subject,
    ...reportBodies(data, subject, context),
  } as const;
  return addressed(draft, data.recipients, context);
}

function fileAlertMessages(alert: FileAlert, context: ComposeContext): Message[] {
  const { emailProperties, attachments } = alert;
  const subject = fileAlertSubject(alert, context);
  // Never by the relay: neither as override (W1) nor otherwise.
  const properties = { ...emailProperties, smtpOverride: false };
  const draft = {
    kind: 'file-alert',
    severity: alert.severity,
    source: { type: 'file-alert', name: alert.name },
    priority: emailProperties.priority,
    subject,
    attachments,
    ...mailBodies(fileAlertDocument(alert, context), subject, properties, context),
  } as const;
  return addressed(draft, alert.recipients, context);
}

/** Gmail shows no more of a mail than 102 KB, and a link to the rest. */
const HTML_MAX_BYTES = 100_000;

/** With as many charts as there is room for. */
function reportBodies(data: ReportData, subject: string, context: ComposeContext) {
  const route = routeOf(data.emailProperties);
  for (let charts = data.history.length; ; charts--) {
    const document = reportDocument(data, context, route, charts);
    const bodies = mailBodies(document, subject, data.emailProperties, context);
    if (charts === 0 || Buffer.byteLength(bodies.html ?? '') <= HTML_MAX_BYTES) return bodies;
  }
}

function noticeMessages(notice: SystemNotice, context: ComposeContext): Message[] {
  const subject = noticeSubject(notice, context);
  const route = notice.route ?? context.noticeRoute ?? 'smtp';
  const common = {
    kind: 'notice',
    severity: notice.severity,
    source: notice.source ?? { type: 'system', name: cutTo(cleanName(notice.subject), SUBJECT_MAX) },
    route,
    references: notice.references ?? [],
  } as const;
  // The Web Service sends HTML always (W5).
  const format = route === 'relay' ? 'html' : context.alertFormat;
  const bodies = mailBodies(noticeDocument(notice, context), subject, null, {
    ...context,
    alertFormat: format,
  });
  const sms = { ...common, channel: 'sms', html: null, subject: smsSubject(context) } as const;
  return [
    ...addressed({ ...common, subject, ...bodies }, notice.recipients, context),
    ...addressed({ ...sms, text: notice.sms?.text ?? '' }, notice.sms?.recipients ?? [], context),
  ];
}

function testMessage(recipient: string, context: ComposeContext): Message {
  const subject = testSubject(context);
  const draft = {
    kind: 'test',
    severity: 'info',
    source: { type: 'system', name: 'Test message' },
    subject,
    ...mailBodies(testDocument(context), subject, null, context),
  } as const;
  return message(draft, [recipient], context);
}

/** Both forms of a mail; no HTML where plain text is wanted. */
function mailBodies(
  document: MailDocument,
  subject: string,
  properties: EmailProperties | null,
  context: ComposeContext,
): Pick<Message, 'text' | 'html'> {
  const html = hasHtml(properties, context) ? htmlMail(document, subject) : null;
  return { text: textMail(document), html };
}
