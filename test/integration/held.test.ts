import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';
import { type SmtpSink, startSmtpSink } from './support/smtp-sink.ts';

const NAMES = ['First', 'Second', 'Third'] as const;
/** The window, and as much again for a busy machine. */
const PATIENCE_MS = 60_000;

let agent: AgentHarness;
let sink: SmtpSink;

beforeAll(async () => {
  agent = createAgentHarness('tocsin-held');
  sink = await startSmtpSink(agent.dir);
});
afterAll(async () => {
  await agent.dispose();
  await sink.stop();
});

const cause = (name: string) => join(agent.dir, name);
const fire = (name: string) => writeFileSync(cause(name), 'now');

const mails = (count: number) =>
  waitFor(`mail ${count}`, () => (sink.acceptances().length >= count ? true : null), PATIENCE_MS);

/** Until the state that says so is on the disk: the notice entered it in the same transaction. */
const isFiring = (name: string) =>
  waitFor(`${name} to fire`, async () => {
    const { alerts } = (await agent.status()) as { alerts: { name: string; phase: string }[] };
    return alerts.some((alert) => alert.name === name && alert.phase === 'firing') || null;
  });

test('killed again and again while notices are held, the agent tells them in one mail, once', async () => {
  const alerts = NAMES.map((name) => fileAlert(name, cause(name), ['it@contoso.example']));
  await agent.must('import', agent.writeSettings(testSettings({ servers: [{ port: sink.port }], alerts })));
  agent.start();
  await agent.ready();
  fire('First');
  await mails(1);
  for (const [count, name] of ['Second', 'Third'].entries()) {
    fire(name);
    await isFiring(name);
    await agent.kill();
    expect((await agent.status())['held']).toEqual({ alerts: count + 1, nextAt: null });
    agent.start();
    await agent.ready();
  }
  await mails(2);
  await agent.kill();
  agent.start();
  await agent.ready();
  await delay(2000);
  const log = await agent.log();
  expect(log.map(({ subject }) => subject).toReversed()).toEqual([
    expect.stringContaining('First'),
    expect.stringContaining('2 alerts: Second, Third'),
  ]);
  // A second copy is possible where the kill cut off the server's reply: then it is the same message.
  expect(new Set(sink.acceptances().map(({ messageId }) => messageId)).size).toBe(2);
}, 240_000);
