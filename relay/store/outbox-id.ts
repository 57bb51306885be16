import type { Channel } from '../../shared/model/message.ts';

/** The parts of an outbox id that belongs to a submission. */
export interface SubmissionId {
  readonly installationId: string;
  readonly id: string;
  readonly channel: Channel;
}

/** Ids are unique to an installation only, so the outbox, which all share, knows a message by both. */
export function outboxId({ installationId, id, channel }: SubmissionId): string {
  return `${installationId}/${channel}/${id}`;
}

/** Null for the service's own mails, to the operator. */
export function submissionOf(outboxId: string): SubmissionId | null {
  const parts = /^([^/]+)\/(email|sms)\/(.+)$/.exec(outboxId);
  if (parts === null) return null;
  const [, installationId = '', channel, id = ''] = parts;
  return { installationId, id, channel: channel === 'sms' ? 'sms' : 'email' };
}
