import { join } from 'node:path';
import { openDatabase } from '../../../electron/agent/record/open-database.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import { systemRandom } from '../../../mail/platform/clock.ts';
import { aMessage } from '../../fakes/messages.ts';
import type { AgentHarness } from '../../integration/support/agent-process.ts';

const MINUTE_MS = 60_000;
const SUBJECTS = [
  '[CRITICAL] front-desk: Backup has not run',
  '[WARNING] front-desk: Memory nearly full, 98.4 %',
  'RESOLVED front-desk: Backup has not run',
  'front-desk: Morning report',
];

/**
 * A delivery log of so many messages, as if the agent had mailed one a minute: most were accepted, every fiftieth was
 * refused, every seventieth went by the Web Service. Tests find a message by the number behind its subject.
 */
export function writeLog(agent: AgentHarness, count: number, isNumbered = true): void {
  const now = Date.now();
  const opened = openDatabase(join(agent.dataDir, 'tocsin.db'), now, false);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const outbox = createOutbox(store, systemRandom);
  const messages = Array.from({ length: count }, (_, place) => {
    const createdAt = now - (count - place) * MINUTE_MS;
    return aMessage({
      id: `sample-${place}`,
      messageId: `sample-${place}@contoso.example`,
      subject: `${SUBJECTS[place % SUBJECTS.length] ?? ''}${isNumbered ? ` (${place})` : ''}`,
      source: { type: 'alert', name: 'Backup has not run' },
      createdAt,
      causedAt: createdAt,
      recipients: place % 3 === 0 ? ['it@contoso.example', 'boss@contoso.example'] : ['it@contoso.example'],
    });
  });
  store.transaction(() => {
    outbox.accept(messages, now);
    store.run(
      `UPDATE recipient SET status = 'accepted', attempts = 1, next_attempt_at = NULL, reply = '250 2.0.0 Ok',
         settled_at = (SELECT created_at + 400 FROM message WHERE seq = message_seq)`,
    );
    store.run(
      `UPDATE recipient SET status = 'failed', code = 'smtp_recipient_rejected', reply = '550 5.1.1 No such mailbox'
         WHERE message_seq % 50 = 1 AND position = 0`,
    );
    store.run('DELETE FROM queue');
    store.run(
      `INSERT INTO attempt (message_seq, at, duration_ms, route, host, port, security, stage, reason, outcomes)
         SELECT seq, created_at + 120, 280, CASE WHEN seq % 70 = 0 THEN 'relay' ELSE 'smtp' END,
           CASE WHEN seq % 70 = 0 THEN 'relay.provider.example' ELSE 'mail.contoso.example' END,
           587, 'starttls', 'accepted', 'primary server', '[]' FROM message`,
    );
  });
  store.close();
}
