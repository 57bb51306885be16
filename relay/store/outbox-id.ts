import type { Channel } from '../../shared/model/message.ts';

/** The parts of an outbox id that belongs to a submission. */
export interface SubmissionId {
  readonly installationId: string;
  readonly id: string;
  readonly channel: Channel;
}

/**
 * Ids are unique to an installation only, so the outbox, which all share, knows a message by both. The id comes first for
 * the same reason as in the table of submissions: what is accepted together stands together in the outbox's index.
 */
export function outboxId({ installationId, id, channel }: SubmissionId): string {
  return `${id}/${installationId}/${channel}`;
}

/** How earlier versions put it; mails of theirs stay in the outbox under it. */
export function formerOutboxId({ installationId, id, channel }: SubmissionId): string {
  return `${installationId}/${channel}/${id}`;
}

/** Reads either; no installation is called like a channel. Null for the service's own mails, to the operator. */
export function submissionOf(outboxId: string): SubmissionId | null {
  const [first = '', second = '', third, ...more] = outboxId.split('/');
  if (third === undefined || more.length > 0) return null;
  const former = channelOf(second);
  if (former !== null) return { installationId: first, id: third, channel: former };
  const channel = channelOf(third);
  return channel === null ? null : { installationId: second, id: first, channel };
}

function channelOf(word: string): Channel | null {
  return word === 'email' || word === 'sms' ? word : null;
}
