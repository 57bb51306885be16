import { errorSentence } from '../../shared/errors.ts';
import { formatDuration, formatTime } from '../../shared/format.ts';
import { adviceOn } from '../../shared/smtp-sentences.ts';
import {
  type Attempt,
  type DeliveryRecord,
  isFailed,
  type RecipientNews,
  type RecipientState,
} from '../../shared/model/delivery.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { connect, type Connection } from './connect.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { columns, isoTime, type Output, roundMs } from './output.ts';

export interface LogOptions {
  readonly limit: number;
  readonly since: number | null;
  readonly id: string | undefined;
}

/** The delivery log, newest first; one message with everything that happened to it by `--id`. */
export async function logCommand(dataDir: DataDir, options: LogOptions, output: Output): Promise<void> {
  const connection = await connect(dataDir);
  try {
    if (options.id !== undefined) {
      const record = await connection.call('log.get', { id: options.id });
      if (record === null)
        throw new CommandFailure(EXIT.no, `The delivery log holds no message ${options.id}.`);
      if (output.json) output.document(logEntry(record));
      else printOne(record, output);
      return;
    }
    let printed = 0;
    for await (const record of recordsOf(connection, options)) {
      if (output.json) output.document(logEntry(record));
      else printShort(record, output);
      printed++;
    }
    if (printed === 0 && !output.json) output.line('The delivery log is empty: nothing has been sent yet.');
  } finally {
    await connection.close();
  }
}

/** So many messages are asked for in one go: an agent has better things to do than to hold a year's log in memory. */
const PAGE = 200;

async function* recordsOf(
  connection: Connection,
  { limit, since }: LogOptions,
): AsyncGenerator<DeliveryRecord> {
  let before: string | null = null;
  for (let left = limit; left > 0; left -= PAGE) {
    const query: { limit: number; since: number | null; before: string | null } = {
      limit: Math.min(left, PAGE),
      since,
      before,
    };
    const page: readonly DeliveryRecord[] = await connection.call('log.list', query);
    yield* page;
    if (page.length < query.limit) return;
    before = page.at(-1)?.message.id ?? null;
  }
}

/** One message of the delivery log for programs. Times are ISO 8601 in UTC, durations milliseconds. */
export function logEntry({ message, recipients, attempts }: DeliveryRecord) {
  return {
    id: message.id,
    messageId: message.messageId,
    kind: message.kind,
    severity: message.severity,
    subject: message.subject,
    source: message.source,
    channel: message.channel,
    route: message.route,
    format: message.html === null ? 'text' : 'html',
    incidentId: message.incidentId,
    attachments: message.attachments,
    createdAt: isoTime(message.createdAt),
    causedAt: isoTime(message.causedAt),
    recipients: recipients.map(
      ({ address, status, attempts: tried, code, reply, settledAt, nextAttemptAt, news }) => ({
        address,
        status,
        attempts: tried,
        code,
        reply,
        settledAt: isoTime(settledAt),
        nextAttemptAt: isoTime(nextAttemptAt),
        news: news && { ...news, at: isoTime(news.at) },
      }),
    ),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      at: isoTime(attempt.at),
      durationMs: roundMs(attempt.durationMs),
    })),
  };
}

const MARKS: Readonly<Record<RecipientState['status'], string>> = { accepted: '✓', queued: '…', failed: '✗' };

/** One message in a few lines: its subject and what became of each recipient. */
export function printShort(record: DeliveryRecord, output: Output): void {
  const { message, recipients, attempts } = record;
  output.line(`${localTime(message.createdAt)}  ${message.subject}`);
  for (const recipient of recipients)
    output.line(`  ${markOf(recipient)} ${recipientLine(recipient, attempts)}`);
  if (recipients.every((recipient) => recipient.attempts === 0)) {
    for (const attempt of attempts) output.line(`    ${attempt.reason}`);
  }
  output.line(`    id ${message.id}`);
}

function recipientLine(recipient: RecipientState, attempts: readonly Attempt[]): string {
  const { address, status, code, reply, attempts: tried } = recipient;
  const last = attempts.findLast((attempt) =>
    attempt.outcomes.some((outcome) => outcome.address === address),
  );
  const server = last ? serverText(last) : 'no server';
  const words = reply === null ? '' : `: ${reply}`;
  switch (status) {
    case 'accepted':
      return `${address}  accepted by ${server}${words}${newsText(recipient.news)}`;
    case 'failed':
      return `${address}  ${code === null ? 'given up' : errorSentence(code, { server, recipient: address })} (${code ?? 'failed'})${words}`;
    case 'queued': {
      const next =
        recipient.nextAttemptAt === null ? 'is being sent' : `next try ${localTime(recipient.nextAttemptAt)}`;
      if (tried === 0) return `${address}  waiting, not tried yet`;
      const why =
        code === null ? '' : ` ${errorSentence(code, { server, recipient: address })} (${code})${words}`;
      return `${address}  waiting, ${tried} ${tried === 1 ? 'try' : 'tries'} so far, ${next}.${why}`;
    }
  }
}

/** What was heard after the acceptance. */
function newsText(news: RecipientNews | null): string {
  if (news === null) return '';
  const words = news.reply === null ? '' : `: ${news.reply}`;
  switch (news.state) {
    case 'accepted':
      return `; then by the mail server of the service${words}`;
    case 'failed':
      return `; then failed for good${words}`;
    case 'bounced':
      return `; then came back${words}`;
    case 'arrived':
      return '; arrived';
  }
}

function markOf(recipient: RecipientState): string {
  return MARKS[isFailed(recipient) ? 'failed' : recipient.status];
}

function serverText(attempt: Attempt): string {
  if (attempt.route === 'practice') return 'the practice mailbox';
  if (attempt.route === 'relay') {
    const { host, port } = attempt.server ?? { host: '', port: 443 };
    return `the Tocsin Web Service ${host}${port === 443 ? '' : `:${port}`}`.trimEnd();
  }
  return attempt.server ? `${attempt.server.host}:${attempt.server.port}` : 'no server';
}

function printOne(record: DeliveryRecord, output: Output): void {
  const { message, recipients, attempts } = record;
  const rows = [
    ['Subject', message.subject],
    ['Id', message.id],
    ['Message-ID', `<${message.messageId}>`],
    ['Kind', `${message.kind}, ${message.severity}, from ${message.source.type} “${message.source.name}”`],
    ['Decided', localTime(message.createdAt)],
    ['Route', routeWords(record)],
  ];
  for (const line of columns(rows)) output.line(line);
  output.line('\nRecipients');
  for (const recipient of recipients)
    output.line(`  ${markOf(recipient)} ${recipientLine(recipient, attempts)}`);
  output.line('\nAttempts');
  if (attempts.length === 0) output.line('  none yet');
  for (const attempt of attempts) {
    const outcome = attempt.code === null ? 'accepted' : `${attempt.code} at ${attempt.stage}`;
    output.line(
      `  ${localTime(attempt.at)}  ${serverText(attempt)}  ${outcome}  ${formatDuration(attempt.durationMs)}`,
    );
    output.line(`    why this way: ${attempt.reason}`);
    if (attempt.reply !== null) output.line(`    the server said: ${attempt.reply}`);
    if (attempt.code !== null) output.line(`    what to do: ${adviceOn(attempt.code, attempt.reply).mend}`);
  }
  output.line('\nText');
  for (const line of message.text.trimEnd().split('\n')) output.line(`  ${line}`.trimEnd());
}

function routeWords({ message, attempts }: DeliveryRecord): string {
  if (message.route === 'relay') return 'Tocsin Web Service (SMTP override)';
  if (attempts.some(({ route, server }) => route === 'relay' && server !== null))
    return 'SMTP, with the Tocsin Web Service as fallback';
  return attempts.at(-1)?.route === 'practice' ? 'practice mailbox' : 'SMTP';
}

/** In this computer's time zone, with its name. */
export function localTime(ms: number): string {
  return formatTime(ms, Intl.DateTimeFormat().resolvedOptions().timeZone);
}
