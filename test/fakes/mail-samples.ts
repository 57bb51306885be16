import type { Message } from '../../shared/model/message.ts';

/** A mail as compose makes it, with whatever a test wants otherwise. */
export function sampleMessage(changes: Partial<Message> = {}): Message {
  return {
    id: '0198c0de-0000-7000-8000-000000000001',
    messageId: '0198c0de-0000-7000-8000-000000000001@front-desk.contoso.example',
    kind: 'alert',
    severity: 'critical',
    source: { type: 'alert', name: 'Disk nearly full' },
    createdAt: Date.UTC(2026, 0, 5, 8, 0, 0),
    causedAt: Date.UTC(2026, 0, 5, 7, 59, 50),
    channel: 'email',
    route: 'smtp',
    subject: '[CRITICAL] front-desk: Disk nearly full, / is 93 % used',
    text: 'Disk nearly full\n\n/ is 93 % used.\n',
    html: '<p>Disk nearly full: / is 93 % used.</p>',
    priority: 'high',
    references: [],
    incidentId: null,
    recipients: ['it@contoso.example'],
    ...changes,
  };
}
