import { isDeliveryStatus, type ReturnedRecipient, readDeliveryStatus } from './bounce-status.ts';
import { failedRecipientsHeader, readFreeForm } from './bounce-text.ts';
import { messageIdIn, messageIdOf } from './message-id.ts';
import type { Email } from 'postal-mime';

/** What a mail server says has become of a mail that it, or another before it, had accepted. */
export interface Bounce {
  /** Message-ID of the mail it is about, without angle brackets; null where the notification does not say. */
  readonly messageId: string | null;
  /** At least one. */
  readonly recipients: readonly ReturnedRecipient[];
}

/** Of a notification no more is read: what it says stands at its beginning, the returned mail at its end. */
export const BOUNCE_MAX_BYTES = 512 * 1024;
/** postal-mime takes 10 to 50 µs for each line of a part, however short it is. */
const MOST_LINES = 2000;

/**
 * Reads a delivery status notification: multipart/report (RFC 3464), or one of the forms that mail systems have of their
 * own. Null for every other mail: auto-replies, read receipts, complaints, and mails that only quote or carry one. Never
 * throws. Whose mail it is about, and whether that is to be believed, is for the caller to find by its Message-ID.
 */
export async function readBounce(bytes: Uint8Array): Promise<Bounce | null> {
  // Loaded when the first mail is read.
  const { default: PostalMime } = await import('postal-mime');
  let mail: Email;
  try {
    mail = await PostalMime.parse(beginningOf(bytes), {
      forceRfc822Attachments: true,
      attachmentEncoding: 'utf8',
      maxNestingDepth: 20,
      maxHeadersSize: 256 * 1024,
    });
  } catch {
    // Nested or headed beyond all measure: no mail server writes that.
    return null;
  }
  return readParsed(mail);
}

/** Whether a mail with these headers may be a notification, so that its body is worth reading. */
export function mayBeBounce(headers: string): boolean {
  const unfolded = headers.slice(0, 100_000).replace(/\r?\n[ \t]+/g, ' ');
  return /^(?:content-type:\s*multipart\/report|x-failed-recipients:|return-path:\s*<\s*>|subject:.*(?:undeliver|deliver|fail|return)|from:.*(?:mailer-?daemon|post-?master|mail delivery|system administrator|mdaemon|microsoftexchange))/im.test(
    unfolded,
  );
}

function beginningOf(bytes: Uint8Array): Uint8Array {
  let end = -1;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    end = bytes.indexOf(0x0a, end + 1);
    if (end < 0) return bytes.subarray(0, BOUNCE_MAX_BYTES);
  }
  return bytes.subarray(0, Math.min(end + 1, BOUNCE_MAX_BYTES));
}

function readParsed(mail: Email): Bounce | null {
  const type = headerOf(mail, 'content-type');
  const isReport = /^\s*multipart\/report\b/i.test(type);
  // Read receipts and complaints are reports as well, of other kinds.
  if (isReport && !/report-type\s*=\s*"?\s*delivery-status/i.test(type)) return null;
  const parts = mail.attachments.map(({ mimeType, content }) => ({
    type: mimeType.toLowerCase(),
    text: typeof content === 'string' ? content : '',
  }));
  const returned = parts.find(({ type: part }) => RETURNED_TYPES.has(part))?.text ?? null;
  const status = isReport ? parts.find(({ type: part }) => isDeliveryStatus(part)) : undefined;
  const fromStatus = status === undefined ? [] : readDeliveryStatus(status.text);
  const words = wordsOf(mail);
  const messageId = (inText: string | null) =>
    (returned === null ? null : messageIdOf(returned)) ??
    inText ??
    messageIdIn(headerOf(mail, 'in-reply-to')) ??
    messageIdIn(headerOf(mail, 'references'));
  if (fromStatus.length > 0) return { messageId: messageId(null), recipients: fromStatus };
  if (!isFromMailer(mail, words)) return null;
  const free = readFreeForm(words, failedRecipientsHeader(headerOf(mail, 'x-failed-recipients')));
  if (free === null) return null;
  return { messageId: messageId(free.messageId), recipients: free.recipients };
}

/** The mail that came back, or its headers. */
const RETURNED_TYPES: ReadonlySet<string> = new Set([
  'message/rfc822',
  'message/global',
  'message/rfc822-headers',
  'message/global-headers',
  'text/rfc822-headers',
]);

function headerOf(mail: Email, key: string): string {
  return mail.headers.find((header) => header.key === key)?.value ?? '';
}

function wordsOf(mail: Email): string {
  if (mail.text !== undefined && mail.text.trim() !== '') return mail.text;
  return (mail.html ?? '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&#64;', '@')
    .replaceAll('&amp;', '&');
}

/** Names that mail servers write under; a person's vacation notice comes from the person. */
const MAILER =
  /^(?:mailer-?daemon|mail-?daemon|mdaemon|post-?master|mail-?delivery(?:-?(?:sub)?system)?|bounces?|no-?reply-mailer|microsoftexchange[0-9a-f]+|system-?administrator)$/i;

function isFromMailer(mail: Email, words: string): boolean {
  if (headerOf(mail, 'x-failed-recipients') !== '') return true;
  const address = mail.from?.address ?? '';
  if (MAILER.test(address.split('@')[0] ?? '')) return true;
  if (/^(?:mail delivery (?:sub)?system|system administrator|mailer-daemon)$/i.test(mail.from?.name ?? ''))
    return true;
  return /^\s*(?:Hi\. )?This is the (?:qmail-send|mail delivery) program at /i.test(words);
}
