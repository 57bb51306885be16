import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { systemRandom } from '../../mail/platform/clock.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { memoryStore } from '../fakes/memory-store.ts';
import { aMessage } from '../fakes/messages.ts';
import { cleanUp, outletFor, scripted, serverAt } from '../fakes/outlet-rig.ts';
import { waitFor } from '../integration/support/scratch.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/** What a server may say to one recipient, and to the whole message; `drop` cuts the connection instead. */
const RCPT = [
  '250 Ok',
  '250 Ok',
  '251 Ok, forwarded',
  '421 4.3.2 Going down',
  '450 4.2.0 Busy',
  '451 4.3.0 Try later',
  '452 4.2.2 Full',
  '550 5.1.1 Unknown',
  '551 5.1.6 Moved',
  '552 5.2.2 Over quota',
  '553 5.1.3 Bad',
  '554 5.7.1 No',
  'drop',
] as const;
const DOT = [
  '250 Queued',
  '250 Queued',
  '250 Queued',
  '451 4.3.0 Try later',
  '452 4.3.1 No room',
  '550 5.7.1 Spam',
  '554 5.6.0 Bad',
  'drop',
] as const;

type Expected = 'accepted' | 'queued' | 'failed' | 'failed or queued';

/** What RFC 5321 makes of these replies: the model that the product is compared with. */
function model(rcpt: readonly string[], dot: string): Expected[] {
  // A connection that goes in the middle takes no one along: everybody is tried again, whatever was said before.
  const cut = rcpt.findIndex((reply) => reply === 'drop' || reply.startsWith('421'));
  const taken = rcpt.some((reply) => reply.startsWith('25'));
  return rcpt.map((reply, index) => {
    // What was said just before the connection went may go with it; then the next try hears it again.
    if (reply.startsWith('5') && index < cut) return 'failed or queued';
    if (reply.startsWith('5') && cut < 0) return 'failed';
    if (cut >= 0 || !reply.startsWith('25')) return 'queued';
    if (!taken || dot === 'drop' || dot.startsWith('4')) return 'queued';
    return dot.startsWith('5') ? 'failed' : 'accepted';
  });
}

async function run(points: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const faults = new Faults();
  const seen = new Map<string, number>();
  for (let number = 0; number < points; number += 1) {
    const rcpt = Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(RCPT));
    const dot = pick(DOT);
    const expected = model(rcpt, dot);
    const found = await send(rcpt, dot);
    for (const status of found.states) seen.set(status, (seen.get(status) ?? 0) + 1);
    const point = `RCPT ${rcpt.join(' | ')}; dot ${dot}`;
    const agrees =
      found.states.length === expected.length &&
      found.states.every((status, index) => expected[index]?.split(' or ').includes(status) === true);
    faults.expect(agrees, point, `${found.states.join()}, should be ${expected.join()}`);
    const failed = found.states.filter((status) => status === 'failed').length;
    faults.expect(
      found.events === failed,
      point,
      `${found.events} events about ${failed} that failed for good`,
    );
    faults.expect(found.faults.length === 0, point, found.faults.join('; '));
  }
  const note = `recipients: ${[...seen].map(([status, count]) => `${count} ${status}`).join(', ')}`;
  return { points, lost: 0, doubled: 0, faults: faults.list, note };
}

/** One message through outbox, dispatcher and outlet to a server that answers so. */
async function send(rcpt: readonly string[], dot: string) {
  const addresses = rcpt.map((_, index) => `r${index}@contoso.example`);
  const server = await scripted({
    rcpt: Object.fromEntries(
      addresses.map((address, index) => [
        address,
        (rcpt[index] ?? '').startsWith('421') ? { drop: rcpt[index] ?? '' } : (rcpt[index] ?? 'drop'),
      ]),
    ),
    dot,
  });
  const store = memoryStore();
  const outbox = createOutbox(store, systemRandom);
  // A clock that stands still: what is to be tried again stays so until the test has looked.
  const clock = new FakeClock();
  let events = 0;
  const faults: string[] = [];
  const outlet = outletFor([serverAt(server.port)]);
  let recorded = false;
  const dispatcher = createDispatcher({
    outbox,
    clock,
    route: (choice) =>
      choice === 'smtp'
        ? { outlet }
        : { outlet: null, route: 'relay', code: 'relay_unreachable', reason: 'none' },
    onRecorded: (_lease, _attempts, failures) => {
      recorded = true;
      events += failures.length;
    },
    onFault: (error) => faults.push(String(error)),
  });
  outbox.accept([aMessage({ recipients: addresses })], clock.now());
  dispatcher.wake();
  await waitFor('the outcome', () => (recorded ? true : null), 10_000, 2).catch((error: unknown) =>
    faults.push(String(error)),
  );
  await dispatcher.stop();
  const states =
    createDeliveryLog(store)
      .find('message-1')
      ?.recipients.map(({ status }) => status) ?? [];
  await cleanUp();
  store.close();
  return { states, events, faults };
}

show({
  id: 'I4',
  title: 'each recipient has a state of its own: 4xx is tried again, 5xx is final and raises an event',
  full: 2000,
  quick: 200,
  run,
});
