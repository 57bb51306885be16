import type { Message } from '../../shared/model/message.ts';
import { aMessage } from './messages.ts';

/** A mail as compose makes it, with an id and a text as real ones have. */
export function sampleMessage(changes: Partial<Message> = {}): Message {
  const id = '0198c0de-0000-7000-8000-000000000001';
  return aMessage({
    id,
    messageId: `${id}@front-desk.contoso.example`,
    createdAt: Date.UTC(2026, 0, 5, 8, 0, 0),
    causedAt: Date.UTC(2026, 0, 5, 7, 59, 50),
    subject: '[CRITICAL] front-desk: Disk nearly full, / is 93 % used',
    text: 'Disk nearly full\n\n/ is 93 % used.\n',
    html: '<p>Disk nearly full: / is 93 % used.</p>',
    priority: 'high',
    ...changes,
  });
}
