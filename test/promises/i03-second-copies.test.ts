import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { systemRandom } from '../../mail/platform/clock.ts';
import { PIN_MS } from '../../mail/retry-policy.ts';
import { fastClock } from '../fakes/fast-clock.ts';
import { memoryStore } from '../fakes/memory-store.ts';
import { aMessage } from '../fakes/messages.ts';
import { cleanUp, outletFor, serverAt } from '../fakes/outlet-rig.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { makeScratchDir, waitFor } from '../integration/support/scratch.ts';
import { startSmtpSink } from '../integration/support/smtp-sink.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';
import { type Handover, type SmtpCut, type SmtpProxy, startSmtpProxy } from './support/smtp-proxy.ts';

/** Half of them lose the reply to the final dot, half lose something else. */
const CUTS: readonly SmtpCut[] = [
  'reply',
  'inside the reply',
  'silence',
  'reply',
  'inside the reply',
  'reply',
  'greeting',
  'EHLO',
  'MAIL',
  'RCPT',
  'DATA',
  'body',
  'dot',
  'after the reply',
];
/** Messages under way at the same time. */
const TOGETHER = 4;
/** A minute of waiting takes 60 ms. */
const FACTOR = 1000;
/** How long a server may be silent, in milliseconds of the fast clock. */
const LIMIT_MS = 500 * FACTOR;

/** Mail by two servers, each behind a proxy that breaks connections off; a sink and the proxies write down what came. */
async function run(points: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const faults = new Faults();
  const scratch = makeScratchDir('tocsin-i3');
  const sink = await startSmtpSink(scratch.dir);
  const clock = fastClock(FACTOR);
  const journal: Handover[] = [];
  let cuts = 0;
  const proxies: SmtpProxy[] = [];
  for (const number of [1, 2]) {
    const next = () =>
      cuts < points && random() < 0.7 ? (CUTS[Math.floor(random() * CUTS.length)] ?? null) : null;
    const onCut = () => (cuts += 1);
    proxies.push(await startSmtpProxy({ number, port: sink.port, now: clock.now, next, onCut, journal }));
  }
  const store = memoryStore();
  const outbox = createOutbox(store, systemRandom);
  const outlet = outletFor(
    proxies.map(({ port }) => serverAt(port)),
    {
      clock,
      limits: { connectMs: LIMIT_MS, commandMs: LIMIT_MS, messageMs: LIMIT_MS, hedgeAfterMs: LIMIT_MS },
    },
    () => dispatcher.tryNow('smtp'),
  );
  const dispatcher = createDispatcher({
    outbox,
    clock,
    route: () => ({ outlet }),
    onFault: (error) => faults.add('dispatcher', String(error)),
  });
  const log = createDeliveryLog(store);
  const ids: string[] = [];
  try {
    while (cuts < points) {
      const batch = Array.from({ length: TOGETHER }, (_, index) => `message-${ids.length + index}`);
      ids.push(...batch);
      outbox.accept(
        batch.map((id) => aMessage({ id, recipients: [`${id}@contoso.example`] })),
        clock.now(),
      );
      dispatcher.wake();
      await waitFor(
        'the messages to be settled',
        () => (batch.every((id) => log.isSettled(id)) ? true : null),
        60_000,
        5,
      ).catch(() => faults.add(batch.join(', '), 'not settled within a minute'));
    }
  } finally {
    await dispatcher.stop();
    await cleanUp();
    for (const proxy of proxies) proxy.close();
    await sink.stop();
  }
  const acceptances = sink.acceptances();
  scratch.remove();
  const states = new Map(ids.map((id) => [id, log.find(id)?.recipients[0]?.status ?? 'unknown']));
  store.close();
  return { points, ...verdict(ids, states, journal, acceptances, faults), faults: faults.list };
}

/** Compares what the proxies, the sink and the log say of each message. */
function verdict(
  ids: readonly string[],
  states: ReadonlyMap<string, string>,
  journal: readonly Handover[],
  acceptances: readonly { readonly messageId: string | null; readonly recipients: readonly string[] }[],
  faults: Faults,
): Pick<Outcome, 'lost' | 'doubled' | 'note'> {
  let lost = 0;
  let doubled = 0;
  for (const id of ids) {
    const sent = journal.filter(({ messageId }) => messageId === `${id}@contoso.example`);
    const copies = sent.filter(({ taken }) => taken);
    const arrived = acceptances.filter(({ recipients }) => recipients.includes(`${id}@contoso.example`));
    if (arrived.length === 0) lost += 1;
    faults.expect(arrived.length > 0, id, 'never arrived');
    doubled += Math.max(0, arrived.length - 1);
    const names = new Set(arrived.map(({ messageId }) => messageId));
    faults.expect(names.size <= 1, id, `came under several Message-IDs: ${[...names].join(', ')}`);
    // Two observers who do not know of each other.
    faults.expect(
      copies.length === arrived.length,
      id,
      `${copies.length} by the proxies, ${arrived.length} by the sink`,
    );
    copies.slice(1).forEach((_, index) => {
      faults.expect(!copies[index]?.replied, id, 'came again although its acceptance had been heard');
    });
    for (const fault of pinFaults(sent)) faults.add(id, fault);
    faults.expect(states.get(id) === 'accepted', id, `stands as ${states.get(id)} in the log`);
    faults.expect(copies.at(-1)?.replied !== false, id, 'stands as accepted although nobody said so');
  }
  const unheard = journal.filter(({ taken, replied }) => taken && !replied).length;
  return { lost, doubled, note: `${ids.length} messages, ${unheard} replies lost, ${doubled} second copies` };
}

/** What a server may have stays with it, counted from the first reply that was lost. */
function pinFaults(sent: readonly Handover[]): string[] {
  const found: string[] = [];
  let first = sent[0];
  for (const handover of sent.slice(1)) {
    if (first === undefined || handover.proxy === first.proxy) continue;
    if (handover.at - first.at < PIN_MS) found.push('went to another server too soon after a reply was lost');
    first = handover;
  }
  return found;
}

show({
  id: 'I3',
  title: 'over SMTP a second copy only where the reply to the final dot was lost, with the same Message-ID',
  full: 200,
  quick: 20,
  run,
});
