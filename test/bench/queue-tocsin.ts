import { join } from 'node:path';
import { createOutbox } from '../../mail/outbox.ts';
import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { openStore } from '../../mail/store.ts';
import type { Message } from '../../shared/model/message.ts';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { testSettings } from '../integration/support/settings-builder.ts';
import type { CountingSink } from './counting-sink.ts';
import { BODY_BYTES, DRAIN_TIMEOUT_MS, MESSAGES } from './queue-figures.ts';

/** Puts the messages into the outbox of a fresh data folder, one commit each, and lets an agent send them. */
export async function tocsinQueueRound(
  sink: CountingSink,
): Promise<{ readonly enqueueMs: number; readonly drainMs: number }> {
  const agent = createAgentHarness('tocsin-bench');
  try {
    const settings = testSettings({ servers: [{ port: sink.port }], intervalSeconds: 10, alerts: [] });
    await agent.must('import', agent.writeSettings(settings));
    const opened = openStore(join(agent.dataDir, 'tocsin.db'), { schemas: [OUTBOX_SCHEMA] });
    if (!opened.ok) throw new Error('the store could not be opened');
    const outbox = createOutbox(opened.value, systemRandom);
    const messages = Array.from({ length: MESSAGES }, (_, index) => message(index));
    const started = performance.now();
    for (const one of messages) outbox.accept([one], one.createdAt);
    const enqueueMs = performance.now() - started;
    opened.value.close();

    const drained = sink.timeOf(MESSAGES, DRAIN_TIMEOUT_MS);
    agent.start();
    return { enqueueMs, drainMs: await drained };
  } finally {
    await agent.dispose();
  }
}

function message(index: number): Message {
  const now = systemClock.now();
  const id = systemRandom.id(now);
  return {
    id,
    messageId: `${id}@bench.contoso.example`,
    kind: 'alert',
    severity: 'warning',
    source: { type: 'alert', name: `Alert ${index}` },
    createdAt: now,
    causedAt: now,
    channel: 'email',
    route: 'smtp',
    subject: `[WARNING] bench: alert ${index}`,
    text: `${'x'.repeat(77)}\r\n`.repeat(Math.floor(BODY_BYTES / 79)),
    html: null,
    priority: 'normal',
    references: [],
    incidentId: null,
    attachments: [],
    recipients: [`someone-${index}@elsewhere.example`],
  };
}
