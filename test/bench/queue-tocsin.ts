import { join } from 'node:path';
import { createOutbox } from '../../mail/outbox.ts';
import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { openStore } from '../../mail/store.ts';
import type { Message } from '../../shared/model/message.ts';
import { type AgentHarness, createAgentHarness } from '../integration/support/agent-process.ts';
import { freePort, waitFor } from '../integration/support/scratch.ts';
import { testSettings } from '../integration/support/settings-builder.ts';
import { type CountingSink, startCountingSink } from './counting-sink.ts';
import { BODY_BYTES, DRAIN_TIMEOUT_MS, MESSAGES } from './queue-figures.ts';

/** Milliseconds. */
interface TocsinRound {
  readonly enqueueMs: number;
  readonly drainMs: number;
}

/** Puts the messages into the outbox of a fresh data folder, one commit each, and starts an agent, which sends them. */
export async function tocsinQueueRound(sink: CountingSink): Promise<TocsinRound> {
  return withQueue(sink.port, async (agent, enqueueMs) => {
    const drained = sink.timeOf(MESSAGES, DRAIN_TIMEOUT_MS);
    agent.start();
    return { enqueueMs, drainMs: await drained };
  });
}

/**
 * The same while the server is away: the agent runs and has noted why its mail waits; the server is back, and the agent
 * finds that out by itself. Milliseconds from the first of the messages to the last.
 */
export async function tocsinDrainAfterOutage(): Promise<number> {
  const port = await freePort();
  return withQueue(port, async (agent) => {
    agent.start();
    await agent.ready();
    await waitFor('the agent to find its server gone', async () => {
      const { routes } = (await agent.status()) as { routes: { state: string }[] };
      return routes[0]?.state === 'down' ? true : null;
    });
    const sink = await startCountingSink({ port });
    try {
      return await sink.timeOf(MESSAGES, DRAIN_TIMEOUT_MS);
    } finally {
      await sink.stop();
    }
  });
}

/** Gives `use` an agent that has all messages in its outbox and does not run yet. */
async function withQueue<Value>(
  port: number,
  use: (agent: AgentHarness, enqueueMs: number) => Promise<Value>,
): Promise<Value> {
  const agent = createAgentHarness('tocsin-bench');
  try {
    const settings = testSettings({ servers: [{ port }], intervalSeconds: 10, alerts: [] });
    await agent.must('import', agent.writeSettings(settings));
    const opened = openStore(join(agent.dataDir, 'tocsin.db'), { schemas: [OUTBOX_SCHEMA] });
    if (!opened.ok) throw new Error('the store could not be opened');
    const outbox = createOutbox(opened.value, systemRandom);
    const messages = Array.from({ length: MESSAGES }, (_, index) => message(index));
    const started = performance.now();
    for (const one of messages) outbox.accept([one], one.createdAt);
    const enqueueMs = performance.now() - started;
    opened.value.close();
    return await use(agent, enqueueMs);
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
