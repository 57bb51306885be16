import { errorSentence } from '../../shared/errors.ts';
import { formatDuration, formatTime } from '../../shared/format.ts';
import type { Attempt, DeliveryRecord, RecipientState } from '../../shared/model/delivery.ts';
import { adviceOn } from '../../shared/smtp-sentences.ts';
import { KINDS, NEWS, SOURCES, STAGES } from '../strings/log.ts';
import { recipientState } from './delivery-state.ts';

/** The server of an attempt in words. */
export function serverText({ route, server }: Pick<Attempt, 'route' | 'server'>): string {
  switch (route) {
    case 'practice':
      return 'the practice mailbox';
    case 'relay':
      return server === null ? 'the Tocsin Web Service' : `the Tocsin Web Service at ${server.host}`;
    case 'smtp':
      return server === null ? 'no server' : `${server.host}:${server.port}`;
  }
}

/** The last attempt that concerned a recipient. */
export function lastAttemptFor(address: string, attempts: readonly Attempt[]): Attempt | null {
  return (
    attempts.findLast(({ outcomes }) => outcomes.some((outcome) => outcome.address === address)) ??
    attempts.at(-1) ??
    null
  );
}

/** What became of one recipient, in a sentence; never more than is known. */
export function recipientSentence(recipient: RecipientState, attempts: readonly Attempt[]): string {
  const { address, status, code } = recipient;
  const last = lastAttemptFor(address, attempts);
  const server = last === null ? 'a server' : serverText(last);
  switch (status) {
    case 'accepted':
      return `Accepted by ${server}`;
    case 'failed':
      return code === null ? 'Given up' : errorSentence(code, { server, recipient: address });
    case 'queued':
      return code === null ? 'Not tried yet' : errorSentence(code, { server, recipient: address });
  }
}

/** What an attempt came to, in a sentence. */
export function attemptSentence(attempt: Attempt): string {
  const server = serverText(attempt);
  const taken = attempt.outcomes.filter(({ verdict }) => verdict === 'accepted').length;
  if (attempt.code === null) return `Accepted by ${server}`;
  const [first] = attempt.outcomes.filter(({ code }) => code === attempt.code);
  const why = errorSentence(attempt.code, {
    ...(attempt.server === null ? {} : { server }),
    ...(first === undefined ? {} : { recipient: first.address }),
  });
  return taken === 0 ? why : `${why} ${taken} of ${attempt.outcomes.length} recipients were accepted.`;
}

/** Everything that is known of a message as plain text, for a ticket or a mail to whoever runs the server. */
export function detailsText({ message, recipients, attempts }: DeliveryRecord, timeZone: string): string {
  const at = (ms: number) => formatTime(ms, timeZone);
  const words = (code: string | null, reply: string | null) =>
    `${code === null ? '' : ` (${code})`}${reply === null ? '' : `\n    ${reply}`}`;
  const lines = [
    `Subject     ${message.subject}`,
    `Message-ID  <${message.messageId}>`,
    `Id          ${message.id}`,
    `Kind        ${KINDS[message.kind]}, ${message.severity}; ${SOURCES[message.source.type]} “${message.source.name}”`,
    `Decided     ${at(message.createdAt)}`,
    '',
    'Recipients',
    ...recipients.flatMap((recipient) => [
      `- ${recipient.address}: ${recipientState(recipient).word}. ${recipientSentence(recipient, attempts)}${words(recipient.code, recipient.reply)}`,
      ...(recipient.nextAttemptAt === null ? [] : [`    next attempt ${at(recipient.nextAttemptAt)}`]),
      ...(recipient.news === null
        ? []
        : [
            `    ${at(recipient.news.at)}: ${NEWS[recipient.news.state]}${words(null, recipient.news.reply)}`,
          ]),
    ]),
    '',
    'Attempts',
    ...attempts.flatMap((attempt) => [
      `- ${at(attempt.at)}, ${serverText(attempt)}, ${STAGES[attempt.stage]}, ${formatDuration(Math.max(1, attempt.durationMs))}`,
      `    why this way: ${attempt.reason}`,
      `    ${attemptSentence(attempt)}${words(attempt.code, attempt.reply)}`,
      ...(attempt.code === null ? [] : [`    ${adviceOn(attempt.code, attempt.reply).mend}`]),
    ]),
    ...(attempts.length === 0 ? ['- none yet'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
