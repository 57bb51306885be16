import { isErrorCode } from '../shared/errors.ts';
import type { Severity } from '../shared/model/alert.ts';
import type {
  Attempt,
  DeliverySummary,
  RecipientNews,
  RecipientState,
  RecipientStatus,
  ServerName,
  Stage,
} from '../shared/model/delivery.ts';
import type { Channel, Message, MessageKind, MessageSource, RouteChoice } from '../shared/model/message.ts';
import type { Candidate } from './lease.ts';
import { PIN_MS } from './retry-policy.ts';
import type { Row } from './store.ts';
import { DamagedValue, storedJson } from './store-failure.ts';

/** The columns of a message in the order in which they are inserted, up to and without the times of the queue. */
export function rowsOfMessage(message: Message): (string | number | null)[] {
  return [
    message.id,
    message.messageId,
    message.kind,
    message.severity,
    message.source.type,
    message.source.name,
    message.createdAt,
    message.causedAt,
    message.channel,
    message.route,
    message.priority,
    message.subject,
    message.text,
    message.html,
    JSON.stringify(message.references),
    message.incidentId,
    JSON.stringify(message.attachments),
  ];
}

/** A message as it was accepted. The columns hold what `rowsOfMessage` wrote, so their types are known. */
export function messageOf(row: Row, recipients: readonly string[]): Message {
  return {
    id: String(row['id']),
    messageId: String(row['message_id']),
    kind: String(row['kind']) as MessageKind,
    severity: String(row['severity']) as Severity,
    source: sourceOf(row),
    createdAt: Number(row['created_at']),
    causedAt: Number(row['caused_at']),
    channel: String(row['channel']) as Channel,
    route: String(row['route']) as RouteChoice,
    priority: String(row['priority']) as Message['priority'],
    subject: String(row['subject']),
    text: String(row['body_text']),
    html: textOrNull(row['body_html']),
    references: storedJson(row['thread'], 'a message') as string[],
    incidentId: textOrNull(row['incident_id']),
    attachments: storedJson(row['attachments'], 'a message') as Message['attachments'],
    recipients,
  };
}

/** The server a message is pinned to at this time; null where it is to none, or no longer. */
export function serverOf(row: Row, now: number): ServerName | null {
  const host = textOrNull(row['pin_host']);
  const until = Number(row['pin_until']);
  // Further away than a pin ever is: the clock was set back.
  if (host === null || until <= now || until > now + PIN_MS) return null;
  return {
    host,
    port: Number(row['pin_port']),
    security: String(row['pin_security']) as ServerName['security'],
  };
}

/** What is known of a message without its texts and recipients. */
export function candidateOf(row: Row): Candidate {
  return {
    kind: String(row['kind']) as MessageKind,
    hasAttachments: row['attachments'] !== '[]',
    isSubmitted: row['fallback_set'] !== null,
  };
}

export function recipientStateOf(row: Row): RecipientState {
  return {
    address: String(row['address']),
    status: statusOf(row),
    attempts: Number(row['attempts']),
    nextAttemptAt: numberOrNull(row['next_attempt_at']),
    settledAt: numberOrNull(row['settled_at']),
    code: codeOrNull(row['code']),
    reply: textOrNull(row['reply']),
    news: newsOf(row),
  };
}

function newsOf(row: Row): RecipientNews | null {
  const state = textOrNull(row['news_state']);
  if (state === null) return null;
  return {
    state: state as RecipientNews['state'],
    at: Number(row['news_at']),
    source: String(row['news_source']) as RecipientNews['source'],
    reply: textOrNull(row['news_reply']),
  };
}

/** `lastTry`: the last attempt that reached for a server, if there was one. */
export function summaryOf(
  row: Row,
  lastTry: Row | undefined,
  recipients: readonly RecipientState[],
): DeliverySummary {
  return {
    id: String(row['id']),
    subject: String(row['subject']),
    source: sourceOf(row),
    createdAt: Number(row['created_at']),
    route: String((lastTry ?? row)['route']) as DeliverySummary['route'],
    server: lastTry === undefined ? null : triedServerOf(lastTry),
    recipients,
  };
}

function sourceOf(row: Row): MessageSource {
  return { type: String(row['source_type']) as MessageSource['type'], name: String(row['source_name']) };
}

function triedServerOf(row: Row): ServerName | null {
  const { host } = row;
  if (typeof host !== 'string') return null;
  return {
    host,
    port: Number(row['port']),
    security: String(row['security']) as ServerName['security'],
  };
}

export function attemptOf(row: Row): Attempt {
  return {
    at: Number(row['at']),
    durationMs: Number(row['duration_ms']),
    route: String(row['route']) as Attempt['route'],
    server: triedServerOf(row),
    stage: String(row['stage']) as Stage,
    code: codeOrNull(row['code']),
    reply: textOrNull(row['reply']),
    reason: String(row['reason']),
    outcomes: storedJson(row['outcomes'], 'an attempt') as Attempt['outcomes'],
  };
}

const STATUSES: ReadonlySet<unknown> = new Set<RecipientStatus>(['queued', 'accepted', 'failed']);

/** A recipient in no known state would wait for ever without a word. */
export function statusOf(row: Row): RecipientStatus {
  const status = row['status'];
  if (!STATUSES.has(status)) throw new DamagedValue('the state of a recipient');
  return status as RecipientStatus;
}

function codeOrNull(value: unknown): Attempt['code'] {
  return typeof value === 'string' && isErrorCode(value) ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}
