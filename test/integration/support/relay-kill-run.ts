import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cut, startCuttingProxy } from '../../fakes/cutting-proxy.ts';
import { enrolClient, type RelayClient } from '../../fakes/relay-client.ts';
import { unexplainedCopies } from './kill-checker.ts';
import { seededRandom } from './kill-moments.ts';
import type { RelayKill } from './override-kill-run.ts';
import { createRelayProcess, type RelayProcess } from './relay-process.ts';
import { freePort, makeScratchDir, waitFor } from './scratch.ts';
import { startSmtpSink } from './smtp-sink.ts';

export interface RelayKillOptions {
  readonly kills: number;
  /** At least so many connections are cut. */
  readonly cuts: number;
  readonly seed: number;
}

export interface RelayKillReport {
  readonly cuts: number;
  /** Messages that the service said it had accepted. */
  readonly messages: number;
  readonly retries: number;
  /** Accepted, and never came to the mail server of the service. */
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
  /** Second copies by SMTP, each under its one Message-ID and with a kill of the service to explain it. */
  readonly doubledBySmtp: number;
}

const CLIENTS = 8;
const LONGEST_LIFE_MS = 400;
const SERVICE_WORDS =
  '--from alerts@provider.example --messages-per-hour 1000000 --recipient-per-hour 1000000';
/** With so many clients, one call in twenty each way is cut. */
const CUTS: readonly Cut[] = ['request', 'answer', 'inside'];
const CUT_CHANCE = 0.15;

/**
 * Kills the service while clients submit under load over connections that are cut at random; each client repeats an id
 * until it is told that it was accepted, and sometimes once more.
 */
export async function runRelayKills(options: RelayKillOptions): Promise<RelayKillReport> {
  const random = seededRandom(options.seed);
  const scratch = makeScratchDir('tocsin-relay');
  const ends: (() => unknown)[] = [() => scratch.remove()];
  try {
    const sink = await startSmtpSink(scratch.dir);
    ends.push(() => sink.stop());
    const dataDir = join(scratch.dir, 'data');
    const port = await freePort();
    const words = [...SERVICE_WORDS.split(' '), '--smtp-url', `smtp://127.0.0.1:${sink.port}`];
    const relay = createRelayProcess(dataDir, port, words);
    ends.push(() => relay.kill());
    const code = (await relay.must('installation', 'add', 'front-desk')).trim();
    await relay.start();
    let cuts = 0;
    let isCutting = false;
    const proxy = await startCuttingProxy(port, () => {
      const chance = random();
      if (!isCutting || chance >= CUT_CHANCE) return 'nowhere';
      cuts += 1;
      return CUTS[Math.floor((chance / CUT_CHANCE) * CUTS.length)] ?? 'answer';
    });
    ends.push(proxy.close);
    const client = await enrolClient(`http://127.0.0.1:${proxy.port}`, code, () => Date.now());
    isCutting = true;
    const load = submitUnderLoad(client, random);
    const kills: RelayKill[] = [];
    while (kills.length < options.kills || cuts < options.cuts) {
      await delay(random() * LONGEST_LIFE_MS);
      if (kills.length < options.kills) kills.push(await killOnce(relay));
    }
    await delay(LONGEST_LIFE_MS);
    isCutting = false;
    const { answers, retries, wrong } = await load.end();

    const lost = () => {
      const arrived = new Set(sink.acceptances().map(({ messageId }) => messageId));
      return [...answers.keys()].filter((id) => !arrived.has(`${id}@provider.example`));
    };
    await waitFor('the last mail', () => (lost().length === 0 ? true : null), 60_000).catch(() => {});
    const status = await relay.stop();
    if (status !== 0) wrong.push(`the service ended with ${status}`);
    const acceptances = sink.acceptances();
    const several = [...answers].filter(([, said]) => said.size !== 1);
    wrong.push(
      ...several.map(([id]) => `${id} was answered in several ways`),
      ...unexplainedCopies(acceptances, kills),
      ...countFaults(dataDir, answers.size),
    );
    const distinct = new Set(acceptances.map(({ messageId }) => messageId)).size;
    if (distinct !== answers.size) wrong.push(`${distinct} different mails for ${answers.size} ids`);
    const doubledBySmtp = acceptances.length - distinct;
    return { cuts, messages: answers.size, retries, lost: lost(), wrong, doubledBySmtp };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

async function killOnce(relay: RelayProcess): Promise<RelayKill> {
  const at = Date.now();
  await relay.kill();
  await relay.start();
  return { at, restartedAt: Date.now() };
}

/** Clients that submit one message after the other until they are told to end. */
function submitUnderLoad(client: RelayClient, random: () => number) {
  let over = false;
  let retries = 0;
  const wrong: string[] = [];
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
      if (answer !== null && answer.status !== 503) wrong.push(`${id} was answered with ${answer.status}`);
      retries += 1;
      await delay(20);
    }
  };
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!over) {
      const id = randomUUID();
      await submitUntilAccepted(id);
      // As a client that did not get the answer would.
      if (random() < 0.3) await submitUntilAccepted(id);
      await delay(5);
    }
  });
  return {
    async end() {
      over = true;
      await Promise.all(clients);
      return { answers, retries, wrong };
    },
  };
}

function countFaults(dataDir: string, expected: number): string[] {
  const db = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
  try {
    return ['submission', 'message'].flatMap((table) => {
      const count = Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
      return count === expected ? [] : [`${count} rows of ${table} for ${expected} ids`];
    });
  } finally {
    db.close();
  }
}
