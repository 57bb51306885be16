import { formatDuration, formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import type { ComposeContext, SystemNotice } from '../compose/compose.ts';

/** The mail that Tocsin sends to its own mailbox and takes out again. */
export function proofMail(address: string): SystemNotice {
  return {
    subject: 'Proof of arrival',
    headline: 'This mail shows that mail from this computer arrives',
    paragraphs: [
      'Tocsin sends it to its own mailbox and takes it out again, so that somebody is told when mail stops arriving.',
      'Nothing is wrong, and nothing needs to be done.',
    ],
    severity: 'info',
    recipients: [address],
  };
}

export interface ProofNews {
  readonly address: string;
  readonly sentAt: number;
  /** How the mailbox fares, where it could not be read; null where it could. */
  readonly mailboxFault: string | null;
  readonly recipients: readonly string[];
  readonly route: RouteChoice;
}

/** Mail does not arrive, or cannot be seen to arrive. */
export function lostNotice(news: ProofNews, context: ComposeContext): SystemNotice {
  const { address, sentAt, mailboxFault, recipients, route } = news;
  return {
    subject: 'Mail does not come back from the mailbox',
    headline: `There is no proof that mail from ${context.installation} arrives`,
    paragraphs: [
      `A mail that Tocsin sent to ${address} at ${formatTime(sentAt, context.timeZone)} was not found in the mailbox ${formatDuration(context.now - sentAt)} later.`,
      mailboxFault === null
        ? 'The mailbox could be read. The mail waits in the outbox, was refused, or was lost on the way after a server had accepted it: tocsin log says how far it came. Look into the spam folder too.'
        : `The mailbox could not be read: ${mailboxFault}`,
      'Other mails may share its fate. You are told once, and again when a mail has arrived.',
    ],
    severity: 'warning',
    recipients,
    route,
  };
}

/** Mail arrives again. */
export function foundNotice(news: ProofNews, arrivedAt: number, context: ComposeContext): SystemNotice {
  const { address, sentAt, recipients, route } = news;
  return {
    subject: 'Mail comes back from the mailbox again',
    headline: `Mail from ${context.installation} arrives again`,
    paragraphs: [
      `A mail that Tocsin sent to ${address} at ${formatTime(sentAt, context.timeZone)} arrived at ${formatTime(arrivedAt, context.timeZone)}.`,
    ],
    severity: 'info',
    recipients,
    route,
  };
}
