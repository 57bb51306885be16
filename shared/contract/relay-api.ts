import { z } from 'zod';
import { addressFault } from '../address.ts';
import { faultMessage, issueFaults, type SettingsFault } from './settings-rules.ts';

/** Largest body that the Web Service takes, in bytes, as sent and again after inflating. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** How far the clocks of an installation and the Web Service may be apart, in seconds. */
export const MAX_CLOCK_SKEW_SECONDS = 300;

/** Every refusal of the Web Service: its HTTP status, and a title for people (RFC 9457 3.1). */
export const RELAY_REFUSALS = {
  signature_invalid: { status: 401, title: 'The signature of the request is not accepted' },
  clock_skew: { status: 401, title: 'The clocks differ by more than five minutes' },
  enrolment_refused: { status: 403, title: 'The enrolment code is not accepted' },
  subscription_expired: { status: 403, title: 'The subscription has ended' },
  attachments_not_relayed: { status: 422, title: 'The Web Service sends no attachments' },
  invalid_message: { status: 422, title: 'The request is not as it must be' },
  too_large: { status: 413, title: 'The request is larger than 1 MiB' },
  quota_exceeded: { status: 429, title: 'The quota of this hour is used up' },
  not_ready: { status: 503, title: 'The Web Service is not ready' },
  idempotency_conflict: { status: 409, title: 'The idempotency key belongs to another message' },
  not_found: { status: 404, title: 'There is no such thing' },
  internal: { status: 500, title: 'The Web Service met a fault of its own' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type RelayRefusalCode = keyof typeof RELAY_REFUSALS;

/** Kinds of message that may be relayed: all but file alerts. */
const RELAYED_KINDS = ['alert', 'resolved', 'reminder', 'group', 'report', 'notice', 'test'] as const;

/** Addresses in one message, e-mail and SMS apart. */
const MAX_RECIPIENTS = 100;
/** A mail of two parts, each nearly as large as a body may be, cannot arrive; this only guards the field itself. */
const MAX_TEXT_CHARACTERS = MAX_BODY_BYTES;

// Control characters and line separators: nothing of them has a place in a header (RFC 5322 2.2).
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function line(most: number) {
  return z
    .string()
    .min(1, 'is empty')
    .max(most, `is longer than ${most} characters`)
    .refine((value) => !CONTROL.test(value), 'contains a line break or another control character');
}

const address = z.string().superRefine((value, context) => {
  const fault = addressFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

const addresses = z.array(address).max(MAX_RECIPIENTS, `holds more than ${MAX_RECIPIENTS} addresses`);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const body = z.string().max(MAX_TEXT_CHARACTERS).nullable().default(null);
const time = z.iso.datetime();

/** An id that can stand in a Message-ID, a header and an address: letters, digits and `. _ + = ~ -`. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._+=~-]{0,127}$/;

/** Whether a text can be an Idempotency-Key, which is the id of the message. */
export function isMessageId(text: string): boolean {
  return ID.test(text) && !text.includes('..') && !text.endsWith('.');
}

/** `POST /v1/enrolments`. `publicKey` is checked by whoever can read keys. */
export const enrolmentRequest = z.strictObject({
  code: z.string().min(1).max(100),
  publicKey: z.union([z.string().min(1).max(2000), z.record(z.string(), z.unknown())]),
  name: line(200),
});

const subscription = z.object({ expiresAt: time.nullable() });

export const enrolmentReply = z.object({
  installationId: z.string(),
  keyId: z.string(),
  /** The address that relayed mail bears as its From. */
  from: z.string(),
  subscription,
});

/** `GET /v1/installation`. */
export const installationReply = z.object({
  installationId: z.string(),
  name: z.string(),
  from: z.string(),
  /** Relayed mail is always HTML, with a text alternative (W5). */
  alertFormat: z.literal('html'),
  replyTo: z.string().nullable(),
  subscription,
  limits: z.object({
    messagesPerHour: count,
    messagesPerRecipientPerHour: count,
    bodyBytes: count,
    recipients: count,
  }),
  serverTime: time,
});

/** `POST /v1/messages`. */
export const messageRequest = z
  .strictObject({
    kind: z.enum(RELAYED_KINDS),
    subject: line(998),
    html: body,
    text: body,
    to: addresses.default([]),
    sms: addresses.default([]),
    /** What an SMS says; the subject where there is none. Cut at 160 characters. */
    smsText: z.string().max(2000, 'is longer than 2000 characters').nullable().default(null),
    /** The id of the first message of the conversation, or whatever all of its messages share. */
    threadId: line(300).nullable().default(null),
  })
  .superRefine((message, context) => {
    if (message.to.length + message.sms.length === 0) {
      context.addIssue({ code: 'custom', path: ['to'], message: 'names nobody, and neither does sms' });
    }
    if (message.to.length > 0 && !message.html?.trim() && !message.text?.trim()) {
      context.addIssue({ code: 'custom', path: ['html'], message: 'is empty, and so is text' });
    }
  });

export type MessageRequest = z.output<typeof messageRequest>;

export const messageReply = z.object({ id: z.string(), acceptedAt: time });

const recipientState = z.object({
  address: z.string(),
  channel: z.enum(['email', 'sms']),
  state: z.enum(['queued', 'accepted', 'failed', 'bounced']),
  /** When the state became final; null while queued. */
  at: time.nullable(),
  /** The server's own words, if it said any. */
  reply: z.string().nullable(),
  /** Why it failed, or waits, in words; null once accepted. */
  reason: z.string().nullable(),
  code: z.string().nullable(),
  attempts: count,
  nextAttemptAt: time.nullable(),
});

/** `GET /v1/messages/{id}`. */
export const messageStateReply = z.object({
  id: z.string(),
  acceptedAt: time,
  recipients: z.array(recipientState),
});
export type MessageState = z.output<typeof messageStateReply>;

/** `POST /v1/heartbeats`. */
export const heartbeatRequest = z.strictObject({
  status: line(100),
  alertsFiring: count,
  outboxSize: count,
  version: line(100),
  /** How often this installation means to call; decides when its silence is reported. */
  expectEverySeconds: z.number().int().min(1).max(604_800).default(60),
});
export type HeartbeatRequest = z.output<typeof heartbeatRequest>;

export const heartbeatReply = z.object({ serverTime: time, silentAfterSeconds: count });

/** Problem details (RFC 9457) with what Tocsin adds to them. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  /** Each fault of an invalid request, with where it is. */
  faults: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** The clock of the service: with every 401. */
  serverTime: time.optional(),
  /** When the subscription ended. */
  expiresAt: time.optional(),
});
export type Problem = z.output<typeof problem>;

export type RelayParse<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** Keys of mails that an installation never decides: the service's own FROM, and the reply-to of its record. */
const NOT_YOURS = /^(from|sender|reply-?_?to|bcc|cc|headers?|envelope)$/i;

/** Checks a body against its schema and names every fault with its path. */
export function parseRelayBody<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
): RelayParse<z.output<Schema>> {
  const parsed = schema.safeParse(document, { error: faultMessage, reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.flatMap(issueFaults).map(({ path, message }) => ({
    path,
    message: NOT_YOURS.test(path) ? 'is set by the Web Service alone; leave it out' : message,
  }));
  return { ok: false, faults };
}

/** Keys that could carry a file, whatever they are called. */
const FILE_KEYS = /attach|^files?$|^inline|embedded|^cids?$/i;

/** Whether a body asks for what is never relayed: a file alert, an attachment, or a picture inside the mail. */
export function asksForAttachment(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false;
  const fields = document as Readonly<Record<string, unknown>>;
  if (fields['kind'] === 'file-alert' || Object.keys(fields).some((key) => FILE_KEYS.test(key))) return true;
  return typeof fields['html'] === 'string' && refersToContent(fields['html']);
}

/** A first look, because most mails hold nothing of the kind. Blanks: see `isContentAddress`. */
const MAY_REFER =
  /c[\u0000-\u0020]*i[\u0000-\u0020]*d[\u0000-\u0020]*:|d[\u0000-\u0020]*a[\u0000-\u0020]*t[\u0000-\u0020]*a[\u0000-\u0020]*:|&(#|colon|tab|newline)/i;

/** RFC 2392 and RFC 2397 addresses where HTML or CSS would follow them; plain words such as “data: 5” are not meant. */
function refersToContent(html: string): boolean {
  if (!MAY_REFER.test(html)) return false;
  for (const [, value = ''] of html.matchAll(/=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/g)) {
    if (isContentAddress(decodeReferences(value.replace(/^["']/, '')))) return true;
  }
  for (const [, value = ''] of decodeReferences(html).matchAll(/url\(\s?["']?([^)]{0,20})/gi)) {
    if (isContentAddress(value)) return true;
  }
  return false;
}

function isContentAddress(value: string): boolean {
  // Browsers leave out blanks and control characters in front of and inside a scheme.
  return /^(cid|data):/i.test(value.slice(0, 100).replace(/[\u0000-\u0020]+/g, ''));
}

function decodeReferences(text: string): string {
  return text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => character(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => character(Number(digits)))
    .replace(/&colon;/gi, ':')
    .replace(/&(tab|newline);/gi, '');
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
