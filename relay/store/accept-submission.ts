import type { Outbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import type { HourlyQuota } from './hourly-quota.ts';
import type { Acceptance, Quotas, Submission } from './relay-store.ts';

interface Tables {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly quota: HourlyQuota;
}

/**
 * Takes one message, inside a transaction. What was accepted before is answered as it was then (promise I2), whatever
 * has happened to quota and subscription since: the client only never got the answer.
 */
export function acceptSubmission(
  { store, outbox, quota }: Tables,
  submission: Submission,
  quotas: Quotas,
  now: number,
): Acceptance {
  const { installationId, id, bodyHash, messages } = submission;
  const before = store.get(
    'SELECT body_hash, accepted_at FROM submission WHERE installation_id = ? AND id = ?',
    installationId,
    id,
  );
  if (before !== undefined) {
    const hash = before['body_hash'];
    if (hash !== bodyHash && hash !== submission.formerBodyHash()) return { kind: 'conflict' };
    return { kind: 'accepted', acceptedAt: Number(before['accepted_at']), repeated: true };
  }
  const refusal = submission.mayAccept();
  if (refusal !== null) return { kind: 'refused', refusal };

  const waitSeconds = quota.waitSeconds(installationId, quotas.messagesPerHour, now);
  if (waitSeconds > 0) return { kind: 'quota', address: null, retryAfterSeconds: waitSeconds };
  const recipients = messages.flatMap((message) => message.recipients);
  const subjectOf = (address: string) => `${installationId}/${address.toLowerCase()}`;
  for (const address of recipients) {
    const wait = quota.waitSeconds(subjectOf(address), quotas.messagesPerRecipientPerHour, now);
    if (wait > 0) return { kind: 'quota', address, retryAfterSeconds: wait };
  }

  quota.count(installationId, now);
  for (const address of recipients) quota.count(subjectOf(address), now);
  store.run(
    'INSERT INTO submission (installation_id, id, body_hash, accepted_at) VALUES (?, ?, ?, ?)',
    installationId,
    id,
    bodyHash,
    now,
  );
  outbox.accept(messages, now);
  return { kind: 'accepted', acceptedAt: now, repeated: false };
}
