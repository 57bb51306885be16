import type { Message } from '../../shared/model/message.ts';

/** A message as compose would make it; what matters to a test is given. */
export function aMessage(given: Partial<Message> = {}): Message {
  const id = given.id ?? 'message-1';
  return {
    id,
    messageId: `${id}@contoso.example`,
    kind: 'alert',
    severity: 'critical',
    source: { type: 'alert', name: 'Disk nearly full' },
    createdAt: 0,
    causedAt: 0,
    channel: 'email',
    route: 'smtp',
    subject: '[CRITICAL] front-desk: Disk nearly full',
    text: 'The disk is nearly full.\n',
    html: '<p>The disk is nearly full.</p>',
    priority: 'normal',
    references: [],
    incidentId: null,
    attachments: [],
    recipients: ['it@contoso.example'],
    ...given,
  };
}
