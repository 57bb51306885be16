import type { DeliveryLog } from '../../mail/delivery-log.ts';
import type { Store } from '../../mail/store.ts';
import type { MessageState } from '../../shared/contract/relay-api.ts';
import { type ErrorDetails, errorSentence } from '../../shared/errors.ts';
import type { DeliveryRecord, RecipientState } from '../../shared/model/delivery.ts';
import type { Channel } from '../../shared/model/message.ts';
import { formerOutboxId, outboxId } from './outbox-id.ts';

const CHANNELS: readonly Channel[] = ['email', 'sms'];

/** What has become of a message for each recipient so far; null where the installation never sent such an id. */
export function messageState(
  store: Store,
  log: DeliveryLog,
  installationId: string,
  id: string,
): MessageState | null {
  const row = store.get(
    'SELECT accepted_at FROM submission WHERE installation_id = ? AND id = ?',
    installationId,
    id,
  );
  if (row === undefined) return null;
  const recipients = CHANNELS.flatMap((channel) => {
    const submission = { installationId, id, channel };
    const record = log.find(outboxId(submission)) ?? log.find(formerOutboxId(submission));
    return record === null ? [] : record.recipients.map((recipient) => stateOf(record, recipient, channel));
  });
  return { id, acceptedAt: new Date(Number(row['accepted_at'])).toISOString(), recipients };
}

function stateOf(
  { attempts }: DeliveryRecord,
  recipient: RecipientState,
  channel: Channel,
): MessageState['recipients'][number] {
  const { address, status, code, reply, settledAt, nextAttemptAt } = recipient;
  const last = attempts.findLast((attempt) => attempt.outcomes.some((each) => each.address === address));
  const details: ErrorDetails = {
    ...(last?.server ? { server: `${last.server.host}:${last.server.port}` } : {}),
    recipient: address,
  };
  return {
    address,
    channel,
    state: status,
    at: settledAt === null ? null : new Date(settledAt).toISOString(),
    reply,
    reason: code === null ? null : errorSentence(code, details),
    code,
    attempts: recipient.attempts,
    nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt).toISOString(),
  };
}
