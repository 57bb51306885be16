import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { Message } from '../../../shared/model/message.ts';
import { senderOf } from '../dispatch/sender.ts';
import type { HandlerParts } from './parts.ts';

type MailPreview = Extract<ReplyOf<'reports.preview'>, { readonly mail: unknown }>['mail'];

/** Whom a preview is written to: what is being edited may have no recipients yet. No mail goes there (RFC 2606 2). */
export const SOMEBODY = 'somebody@preview.invalid';

/** The e-mail among these messages as a page shows it; its HTML is kept for the page's frame. */
export function previewOf(messages: readonly Message[], parts: HandlerParts): MailPreview {
  const message = messages.find(({ channel }) => channel === 'email');
  if (message === undefined) throw new Error('a mail to somebody was composed for nobody');
  const { id, subject, html, text } = message;
  if (html !== null) parts.previews.keep(id, html);
  return { id, subject, from: fromOf(message, parts), format: html === null ? 'text' : 'html', html, text };
}

function fromOf({ route }: Message, { settings, hostName }: HandlerParts): string {
  if (route === 'relay') return 'the address of the Tocsin Web Service';
  const { name, address } = senderOf(settings.current(), hostName);
  return name === '' ? address : `${name} <${address}>`;
}
