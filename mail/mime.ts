import { hash } from 'node:crypto';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { addressFault } from '../shared/address.ts';
import type { Attachment, Message } from '../shared/model/message.ts';

export interface MailFrom {
  readonly name: string | null;
  readonly address: string;
}

/** What a mail bears besides its message: the Web Service sends in the name of others. */
export interface MimeContext {
  readonly replyTo: string | null;
  /** An https address that unsubscribes with one click (RFC 8058); null for none. */
  readonly unsubscribeUrl: string | null;
}

export const PLAIN_CONTEXT: MimeContext = { replyTo: null, unsubscribeUrl: null };

/** A subject is cut here, in characters: no unfolded line may pass 998 (RFC 5322 2.1.1), even in its encoded form. */
const MAX_SUBJECT_CHARACTERS = 400;
const MAX_NAME_CHARACTERS = 200;

/** What a mail says, in the words that its headers and bodies may hold. */
export interface MailParts {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly string[];
  readonly replyTo: string | null;
  readonly subject: string;
  readonly date: Date;
  /** Without brackets, as are `references`, oldest first. */
  readonly messageId: string;
  readonly references: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string | null;
  /** What marks the ends of its parts where it has several: it stands in none of them. */
  readonly boundary: () => string;
}

/** Late, because most days an agent has no mail to write. */
let writePlain: ((parts: MailParts) => string | null) | null = null;

/**
 * The bytes of a mail (RFC 5322, RFC 2045), one character for each: the same for each attempt, so that a server that
 * gets it twice gets the same thing twice. Nothing in the message can add a header, read a file or fetch a page. An SMS
 * is plain text with few headers, because gateways count what they pass on.
 */
export async function buildMime(
  message: Message,
  from: MailFrom,
  context: MimeContext = PLAIN_CONTEXT,
  attachments: readonly Attachment[] = [],
): Promise<string> {
  const parts = partsOf(message, from, context);
  writePlain ??= (await import('./plain-mime.ts')).plainMime;
  const plain = attachments.length === 0 ? writePlain(parts) : null;
  if (plain !== null) return plain;
  const { mimeBytes } = await import('./mime-bytes.ts');
  return mimeBytes(composerOptions(parts, attachments));
}

export function partsOf(message: Message, from: MailFrom, context: MimeContext): MailParts {
  const sms = message.channel === 'sms';
  return {
    from: { name: headerText(from.name ?? '').slice(0, MAX_NAME_CHARACTERS), address: from.address },
    to: message.recipients.filter((address) => addressFault(address) === null),
    replyTo: context.replyTo === null || addressFault(context.replyTo) !== null ? null : context.replyTo,
    subject: headerText(message.subject).slice(0, MAX_SUBJECT_CHARACTERS),
    date: new Date(Number.isFinite(message.createdAt) ? message.createdAt : 0),
    messageId: messageIdOrNull(message.messageId) ?? `${token(message.id)}@tocsin.invalid`,
    references: message.references.flatMap((reference) => messageIdOrNull(reference) ?? []),
    headers: sms ? { 'Auto-Submitted': 'auto-generated' } : headers(message, context),
    // Never empty: a mail without its text part would be HTML alone.
    text: bodyText(message.text) || '\r\n',
    html: message.html === null || sms ? null : bodyText(message.html),
    boundary: () => boundary(message),
  };
}

/** The same for nodemailer, which writes what `plainMime` does not. */
export function composerOptions(parts: MailParts, attachments: readonly Attachment[]): MailComposerOptions {
  const { to, replyTo, references, html } = parts;
  return {
    from: { ...parts.from },
    to: to.length === 0 ? 'undisclosed-recipients:;' : to.map((address) => ({ name: '', address })),
    ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
    subject: parts.subject,
    date: parts.date,
    messageId: `<${parts.messageId}>`,
    ...(references.length === 0
      ? {}
      : { inReplyTo: `<${references.at(-1) ?? ''}>`, references: references.map((id) => `<${id}>`) }),
    headers: parts.headers,
    text: parts.text,
    ...(html === null ? {} : { html }),
    attachments: attachments.map(({ name, content }) => ({
      filename: headerText(name).slice(0, MAX_NAME_CHARACTERS),
      content: Buffer.from(content),
      // Its type is not ours to tell: a mail program goes by the name, and nothing is opened by itself.
      contentType: 'application/octet-stream',
      contentDisposition: 'attachment',
    })),
    // Nodemailer spells it “ID”.
    normalizeHeaderKey: (key) => (key.toLowerCase() === 'x-tocsin-id' ? 'X-Tocsin-Id' : key),
    baseBoundary: parts.boundary(),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function headers(message: Message, context: MimeContext): Record<string, string> {
  return {
    // RFC 3834 5, and Exchange's own word for the same: no out-of-office answers to an alarm.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-Tocsin-Kind': token(message.kind),
    'X-Tocsin-Id': token(message.id),
    ...(message.priority === 'normal'
      ? {}
      : message.priority === 'high'
        ? { Importance: 'high', 'X-Priority': '1' }
        : { Importance: 'low', 'X-Priority': '5' }),
    ...(context.unsubscribeUrl !== null && /^https:\/\/[!-;=?-~]{1,900}$/.test(context.unsubscribeUrl)
      ? {
          'List-Unsubscribe': `<${context.unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }
      : {}),
  };
}

/** Text for a header: whatever could end the line becomes a space. */
function headerText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** Text for a body: every line ends in CRLF (RFC 5322 2.1 allows neither half alone), and NUL is left out. */
function bodyText(text: string): string {
  // Most are so already, and a copy of each is most of what writing a short mail takes.
  if (text.search(/\u0000|\r(?!\n)|(?<!\r)\n/) < 0) return text;
  return text.replaceAll('\u0000', '').replace(/\r\n|\r|\n/g, '\r\n');
}

/** An identifier for a header: letters, digits and a little punctuation, at most 200 characters. */
function token(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 200) || '_';
}

/** A message id as RFC 5322 3.6.4 has it, without brackets, or null when it is none or too long for a line. */
function messageIdOrNull(id: string): string | null {
  return id.length <= 300 && /^[!-;=?A-~]+@[!-;=?A-~]+$/.test(id) ? id : null;
}

/** Depends on all of the message, so that no part of it can contain it by plan or by chance. */
function boundary(message: Message): string {
  const { id, messageId, text, html } = message;
  return hash('sha256', JSON.stringify([id, messageId, text, html])).slice(0, 32);
}
