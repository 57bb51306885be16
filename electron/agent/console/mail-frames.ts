import type { MailFrameKind } from '../../../shared/contract/ipc/mail-frames.ts';
import { parseMailFramePath } from '../../../shared/contract/ipc/mail-frames.ts';
import { type Answer, text } from './answers.ts';

/** Where the HTML of mails is found; null where there is no such mail, or it has none. */
export type MailFrames = Readonly<Record<MailFrameKind, (id: string) => Promise<string | null>>>;

/**
 * A mail is somebody else's document: nothing in it runs, is loaded, is sent or leads anywhere, whatever it says; only its
 * own styles and images show. `sandbox` also holds where somebody opens the address by itself.
 */
const MAIL_POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** Answers with the HTML of one mail; null where the path is no mail's. */
export async function answerMail(path: string, mails: MailFrames): Promise<Answer | null> {
  const wanted = parseMailFramePath(path);
  if (wanted === null) return null;
  const body = await mails[wanted.kind](wanted.id);
  if (body === null) return text(404, 'There is no such mail, or it is plain text.');
  const headers = { 'content-security-policy': MAIL_POLICY, 'x-frame-options': 'SAMEORIGIN' };
  return { status: 200, type: 'text/html', body, headers };
}
