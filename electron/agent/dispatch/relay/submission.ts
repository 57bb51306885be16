import { createHash } from 'node:crypto';
import type { MessageRequest } from '../../../../shared/contract/relay-api.ts';
import type { Message, MessageKind } from '../../../../shared/model/message.ts';

/** One call of the Web Service for a message: which recipients, under which Idempotency-Key. */
export interface Submission {
  readonly key: string;
  readonly recipients: readonly string[];
}

/** How many addresses the service takes in one message. */
const MOST_RECIPIENTS = 100;
const MOST_SUBJECT = 998;
const MOST_SMS = 2000;

/**
 * Divides a send into submissions. A key always stands for the same recipients, because the service takes a key once
 * and with one body only: the message's id for all of them (with `.p2` and so on from the 101st on), and a key of its own for
 * those who are sent to again after the service had accepted. `given`: a key that somebody has written down with its set.
 */
export function submissionsOf(
  message: Pick<Message, 'id' | 'recipients'>,
  wanted: readonly string[],
  earlier: readonly (readonly string[])[],
  given?: string,
): Submission[] {
  const base = given ?? message.id;
  const asked = new Set(wanted);
  return chunks(given === undefined ? message.recipients : wanted).flatMap((chunk, index) => {
    const recipients = chunk.filter((address) => asked.has(address));
    if (recipients.length === 0) return [];
    const key = index === 0 ? base : `${base}.p${index + 1}`;
    const times = earlier.filter((accepted) =>
      accepted.some((address) => recipients.includes(address)),
    ).length;
    const isWhole = recipients.length === chunk.length;
    if (given !== undefined || (times === 0 && isWhole)) return [{ key, recipients }];
    const digest = createHash('sha256').update(recipients.join('\n')).digest('hex').slice(0, 8);
    return [{ key: `${message.id}.${times + 1}.${digest}`, recipients }];
  });
}

function chunks(addresses: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let from = 0; from < addresses.length; from += MOST_RECIPIENTS) {
    parts.push(addresses.slice(from, from + MOST_RECIPIENTS));
  }
  return parts;
}

type RelayedKind = MessageRequest['kind'];

/** Whether the service would carry it at all: file alerts and attachments never leave by it. */
export function mayBeRelayed(message: Pick<Message, 'kind' | 'attachments'>): boolean {
  return relayedKind(message.kind) !== null && message.attachments.length === 0;
}

function relayedKind(kind: MessageKind): RelayedKind | null {
  return kind === 'file-alert' ? null : kind;
}

/** The body of a submission: the same bytes at every try, because it follows from the message alone. */
export function submissionBody(message: Message, recipients: readonly string[]): Buffer {
  const isSms = message.channel === 'sms';
  const body: MessageRequest = {
    kind: relayedKind(message.kind) ?? 'notice',
    subject: headerLine(message.subject),
    html: isSms ? null : (message.html ?? htmlOfText(message.text)),
    text: isSms ? null : message.text,
    to: isSms ? [] : [...recipients],
    sms: isSms ? [...recipients] : [],
    smsText: isSms ? message.text.slice(0, MOST_SMS) : null,
    threadId: threadOf(message),
  };
  return Buffer.from(JSON.stringify(body), 'utf8');
}

/**
 * What its conversation is called at the service. There, the first mail of an overridden alert bears its id in front of the
 * service's domain, so the id names it; a mail that takes the service's way for once belongs to a conversation by SMTP,
 * whose Message-ID is known.
 */
function threadOf({ route, references, id, messageId }: Message): string {
  const root = references[0];
  if (route === 'smtp') return root ?? messageId;
  return root === undefined ? id : root.slice(0, root.lastIndexOf('@'));
}

function headerLine(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line === ''
    ? 'Tocsin'
    : Array.from(line)
        .slice(0, MOST_SUBJECT / 2)
        .join('');
}

/** Mail by the service is always HTML (W5); one that was written as text keeps its lines. */
export function htmlOfText(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  const escaped = text
    .trimEnd()
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
    // Not by white-space: pre-wrap, which Outlook does not know.
    .replace(/ {2}/g, ' &nbsp;')
    .replace(/\n/g, '<br>\n');
  const style =
    'margin:24px;max-width:680px;font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;color:#1c1e21';
  return `<!doctype html><html lang="en"><body style="margin:0;background:#ffffff"><div style="${style}">${escaped}</div></body></html>`;
}
