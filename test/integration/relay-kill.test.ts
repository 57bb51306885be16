import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { enrolClient } from '../fakes/relay-client.ts';
import { createRelayProcess } from './support/relay-process.ts';
import { freePort, makeScratchDir, waitFor } from './support/scratch.ts';
import { startSmtpSink } from './support/smtp-sink.ts';

/** `TOCSIN_RELAY_KILLS=200` is the figure of issue 4. */
const KILLS = Number(process.env['TOCSIN_RELAY_KILLS'] ?? 15);
const CLIENTS = 8;
const LONGEST_LIFE_MS = 400;

test('killed again and again under load, the relay loses nothing it has accepted and accepts nothing twice', async () => {
  const scratch = makeScratchDir('tocsin-relay');
  const sink = await startSmtpSink(scratch.dir);
  const dataDir = join(scratch.dir, 'data');
  const words =
    `--from alerts@provider.example --smtp-url smtp://127.0.0.1:${sink.port} ` +
    '--messages-per-hour 1000000 --recipient-per-hour 1000000';
  const relay = createRelayProcess(dataDir, await freePort(), words.split(' '));
  onTestFinished(async () => {
    await relay.kill();
    await sink.stop();
    scratch.remove();
  });
  const code = (await relay.must('installation', 'add', 'front-desk')).trim();
  await relay.start();
  const client = await enrolClient(relay.url, code, () => Date.now());

  const over = new AbortController();
  let retries = 0;
  /** Every answer that said “accepted”, by id. */
  const answers = new Map<string, Set<string>>();
  const submitUntilAccepted = async (id: string): Promise<void> => {
    const body = {
      kind: 'alert',
      subject: `alert ${id}`,
      html: '<p>x</p>',
      text: 'x',
      to: ['it@contoso.example'],
    };
    for (;;) {
      const answer = await client.submit(body, id).catch(() => null);
      if (answer?.status === 202) {
        answers.set(id, (answers.get(id) ?? new Set()).add(JSON.stringify(answer.body)));
        return;
      }
      // A connection that was cut, before or after the acceptance, or a service that is starting.
      if (answer !== null) expect(answer.status).toBe(503);
      retries += 1;
      await delay(20);
    }
  };
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!over.signal.aborted) {
      const id = randomUUID();
      await submitUntilAccepted(id);
      // As a client that did not get the answer would.
      if (Math.random() < 0.3) await submitUntilAccepted(id);
      await delay(5);
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(Math.random() * LONGEST_LIFE_MS);
    await relay.kill();
    await relay.start();
  }
  await delay(LONGEST_LIFE_MS);
  over.abort();
  await Promise.all(clients);

  const delivered = () => new Set(sink.acceptances().map((each) => each.messageId));
  const lost = () => [...answers.keys()].filter((id) => !delivered().has(`${id}@provider.example`));
  await waitFor('the last mail', () => (lost().length === 0 ? true : null), 60_000).catch(() => {});
  expect(lost()).toEqual([]);
  expect([...answers].filter(([, said]) => said.size !== 1)).toEqual([]);
  expect(await relay.stop()).toBe(0);

  const db = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
  const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  expect([count('submission'), count('message')]).toEqual([answers.size, answers.size]);
  db.close();
  // A second copy comes only of a kill between the final dot and its reply, at most one for each open connection.
  const doubled = sink.acceptances().length - answers.size;
  expect(doubled).toBeLessThanOrEqual(KILLS * 5);
  expect(retries).toBeGreaterThan(0);
  process.stderr.write(
    `${KILLS} kills, ${answers.size} messages, ${retries} retries, ${doubled} second copies by SMTP\n`,
  );
}, 600_000);
