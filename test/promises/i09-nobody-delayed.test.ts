import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import type { Message } from '../../shared/model/message.ts';
import { memoryStore } from '../fakes/memory-store.ts';
import { aMessage } from '../fakes/messages.ts';
import { cleanUp, outletFor, scripted, serverAt } from '../fakes/outlet-rig.ts';
import type { Script } from '../fakes/scripted-smtp-server.ts';
import { freePort, waitFor } from '../integration/support/scratch.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/** The promise: good mail takes at most so many times as long as alone. */
const MOST_TIMES = 2;
/** Each is measured so often, in turn, and the least counts: what else the machine does only ever adds. */
const ROUNDS = 3;
/** What is the matter with the server before the one that works. */
const DEAD = ['refuses', 'hangs'] as const;
type Dead = (typeof DEAD)[number];
const TIMEOUT_MS = 60_000;
/**
 * How long the server takes for a mail, as servers on a network do. Without it server and client, who share a processor
 * here, would be compared by their work: twice as many mails are twice the work, whoever they are for.
 */
const THINK_MS = 100;
/** A real outlet asks the next server after three seconds without an answer; here it is a tenth of that. */
const HEDGE_MS = 300;
const CONNECT_MS = 3000;
/** How long a server may hold up mail until it is known to be dead, in milliseconds: once, however much mail there is. */
const KNOWN_AFTER_MS: Readonly<Record<Dead, number>> = { refuses: HEDGE_MS, hangs: HEDGE_MS + CONNECT_MS };

/** What a mail is refused by, one recipient each: for good, for now, by a cut, or for what is in it. */
const BAD: readonly string[] = ['unknown', 'busy', 'cut', 'spam'];

function serverScript(bad: number): Script {
  const answers: Record<string, string> = {};
  for (let index = 0; index < bad; index += 1) {
    answers[addressOf('unknown', index)] = '550 5.1.1 Unknown';
    answers[addressOf('busy', index)] = '450 4.2.0 Busy';
    answers[addressOf('cut', index)] = 'drop';
    answers[addressOf('spam', index)] = '554 5.7.1 Spam';
  }
  return { rcpt: answers, thinkMs: THINK_MS };
}

const addressOf = (kind: string, index: number) => `${kind}-${index}@contoso.example`;

/** As many bad mails as good ones, mixed, and before the server that works one that is dead. */
async function run(points: number, seed: number): Promise<Outcome> {
  const faults = new Faults();
  const alone: number[] = [];
  const together: Record<Dead, number[]> = { refuses: [], hangs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await timeOf(points, 0, null, seed, faults));
    for (const dead of DEAD) together[dead].push(await timeOf(points, points, dead, seed + round, faults));
  }
  const aloneMs = Math.min(...alone);
  for (const dead of DEAD) {
    const leastMs = Math.min(...together[dead]);
    const took = `${leastMs.toFixed(0)} ms in bad company, ${aloneMs.toFixed(0)} ms alone`;
    faults.expect(
      leastMs <= MOST_TIMES * aloneMs + KNOWN_AFTER_MS[dead],
      `seed ${seed}, the first server ${dead}`,
      `${points} good mails took ${took}`,
    );
  }
  const least = DEAD.map(
    (dead) => `${Math.min(...together[dead]).toFixed(0)} ms where the first server ${dead}`,
  );
  const note = `${points} good mails: ${aloneMs.toFixed(0)} ms alone; with as many bad ones ${least.join(', ')} (least of ${ROUNDS})`;
  return { points, lost: 0, doubled: 0, faults: faults.list, note };
}

/** Milliseconds until the last good mail was accepted. */
async function timeOf(
  good: number,
  bad: number,
  dead: Dead | null,
  seed: number,
  faults: Faults,
): Promise<number> {
  const server = await scripted(serverScript(bad));
  const servers = [serverAt(server.port)];
  if (dead === 'refuses') servers.unshift(serverAt(await freePort()));
  if (dead === 'hangs') servers.unshift(serverAt((await scripted({ greeting: 'hang' })).port));
  const store = memoryStore();
  const outbox = createOutbox(store, systemRandom);
  const limits = { connectMs: CONNECT_MS, commandMs: 4000, messageMs: 4000, hedgeAfterMs: HEDGE_MS };
  const outlet = outletFor(servers, { limits }, () => dispatcher.wake());
  const dispatcher = createDispatcher({
    outbox,
    clock: systemClock,
    route: () => ({ outlet }),
    onFault: (error) => faults.add('dispatcher', String(error)),
  });
  const mails = shuffled([...mailsTo('good', good), ...BAD.flatMap((kind) => share(kind, bad))], seed);
  const arrived = () => server.accepted.filter(({ to }) => to[0]?.startsWith('good-')).length;
  const started = performance.now();
  outbox.accept(mails, systemClock.now());
  dispatcher.wake();
  await waitFor('the good mails', () => (arrived() >= good ? true : null), TIMEOUT_MS, 2).catch(() =>
    faults.add(`${good} good, ${bad} bad`, `${good - arrived()} good mails did not arrive`),
  );
  const tookMs = performance.now() - started;
  const log = createDeliveryLog(store);
  await waitFor('the first tries', () => (hasTried(log, mails) ? true : null), TIMEOUT_MS, 5).catch(() =>
    faults.add(`${bad} bad`, 'some were never tried'),
  );
  await dispatcher.stop();
  await cleanUp();
  const failed = mails.filter(({ id }) => log.find(id)?.recipients[0]?.status === 'failed').length;
  faults.expect(failed === 2 * share('unknown', bad).length, `${bad} bad`, `${failed} were refused for good`);
  store.close();
  return tookMs;
}

function hasTried(log: ReturnType<typeof createDeliveryLog>, mails: readonly Message[]): boolean {
  return mails.every(({ id }) => (log.find(id)?.attempts.length ?? 0) > 0);
}

function mailsTo(kind: string, count: number): Message[] {
  return Array.from({ length: count }, (_, index) =>
    aMessage({ id: `${kind}-${index}`, recipients: [addressOf(kind, index)] }),
  );
}

function share(kind: string, bad: number): Message[] {
  return mailsTo(kind, Math.floor(bad / BAD.length));
}

function shuffled(mails: readonly Message[], seed: number): Message[] {
  const random = seededRandom(seed);
  return mails
    .map((mail) => ({ mail, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ mail }) => mail);
}

show({
  id: 'I9',
  title: 'bad mails and a dead server delay nobody else',
  full: 200,
  quick: 60,
  run,
});
