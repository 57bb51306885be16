import { hash } from 'node:crypto';
import type { MessageRequest } from '../shared/contract/relay-api.ts';
import type { Message } from '../shared/model/message.ts';
import { outboxId } from './store/outbox-id.ts';

/** A request to relay a message, checked. */
export interface RelayedMessage {
  readonly installationId: string;
  /** The Idempotency-Key; the local part of its Message-ID. */
  readonly id: string;
  readonly request: MessageRequest;
  /** The service's own sender, whose domain the Message-ID bears. */
  readonly from: string;
  readonly now: number;
}

/** DEFAULTS: what one text message holds. */
const SMS_CHARACTERS = 160;

/** Tells two bodies apart by what they say, not by blanks or the order of their keys. */
export function bodyHash(request: MessageRequest): string {
  const { kind, subject, html, text, to, sms, smsText, threadId } = request;
  const parts = [kind, subject, html, text, smsText, threadId, ...to, ...sms];
  const said = parts.join('');
  // Half a character pair has no bytes of its own in UTF-8.
  if (!said.isWellFormed()) return formerBodyHash(request);
  // Where each part ends, and which are missing. As text of JSON the whole would take four times as long.
  const lengths = parts.map((part) => part?.length ?? -1);
  return hash('sha256', `${lengths.join(',')};${to.length};${said}`, 'base64url');
}

/** The same as it was kept before: what was accepted then is known by it for as long as it may be repeated. */
export function formerBodyHash(request: MessageRequest): string {
  const { kind, subject, html, text, to, sms, smsText, threadId } = request;
  const said = JSON.stringify([kind, subject, html, text, to, sms, smsText, threadId]);
  return hash('sha256', said, 'base64url');
}

/** What goes into the outbox: one mail, and one short text for the SMS gateways, behind one id. */
export function outboxMessages(message: RelayedMessage): Message[] {
  const { request, installationId, id, from, now } = message;
  const { kind, subject, threadId } = request;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const root = threadId === null ? null : threadReference(threadId, domain);
  const messageId = `${id}@${domain}`;
  const common = {
    kind,
    severity: 'info',
    source: { type: 'system', name: installationId },
    createdAt: now,
    causedAt: now,
    route: 'smtp',
    subject,
    priority: 'normal',
    incidentId: threadId,
    attachments: [],
  } as const;
  const messages: Message[] = [];
  const to = distinct(request.to);
  if (to.length > 0) {
    messages.push({
      ...common,
      id: outboxId({ installationId, id, channel: 'email' }),
      messageId,
      channel: 'email',
      // Cleaned, and given a text where it has none, when it leaves: that takes longer than accepting it.
      text: request.text ?? '',
      html: request.html,
      // RFC 5322 3.6.4: the first mail of a conversation refers to nothing.
      references: root === null || root === messageId ? [] : [root],
      recipients: to,
    });
  }
  const sms = distinct(request.sms);
  if (sms.length > 0) {
    messages.push({
      ...common,
      id: outboxId({ installationId, id, channel: 'sms' }),
      messageId: `${id}.sms@${domain}`,
      channel: 'sms',
      text: Array.from(request.smsText || subject)
        .slice(0, SMS_CHARACTERS)
        .join(''),
      html: null,
      references: [],
      recipients: sms,
    });
  }
  return messages;
}

/** A thread is named by the Message-ID of its first mail, or by any id its mails share. */
function threadReference(threadId: string, domain: string): string {
  const bare = threadId.trim().replace(/^<|>$/g, '');
  if (/^[^\s<>@]+@[^\s<>@]+$/.test(bare)) return bare;
  return `${bare.replace(/[^A-Za-z0-9._+=~-]/g, '_')}@${domain}`;
}

function distinct(addresses: readonly string[]): string[] {
  const seen = new Map(addresses.map((address) => [address.toLowerCase(), address]));
  return [...seen.values()];
}
