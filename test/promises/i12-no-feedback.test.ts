import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEventStore } from '../../electron/agent/events/event-store.ts';
import type { Message } from '../../shared/model/message.ts';
import type { SmtpEventRecord } from '../../shared/model/smtp-event.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { aMessage } from '../fakes/messages.ts';
import { type Script, ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { freePort, makeScratchDir } from '../integration/support/scratch.ts';
import { importSettings } from './support/data-folder.ts';
import { openMailHalf } from './support/mail-half.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Of the clock that the test turns. */
const DAYS = 2;
/** So often something is mailed that fails. */
const MAIL_EVERY_MINUTES = 60;
const EVENTS = ['connection-failed', 'delivery-failed', 'final-delivery-failed'] as const;
const FREQUENCIES_MINUTES = [30, 240] as const;

/** Ways in which a server takes no mail; null: nobody listens there. */
const DEAD: readonly (readonly [what: string, script: Script | null])[] = [
  ['knows no recipient', { rcpt: '550 5.1.1 Unknown' }],
  ['cuts at the final dot', { dot: 'drop' }],
  ['refuses connections', null],
  ['goes away at the greeting', { greeting: { drop: '421 4.3.2 Going down' } }],
  ['blocks at the greeting', { greeting: '554 5.7.1 Blocked' }],
  ['refuses the sender for good', { mail: '550 5.7.1 Not you' }],
  ['puts everybody off', { rcpt: '450 4.2.0 Busy' }],
  ['refuses every message', { dot: '554 5.6.0 Spam' }],
];

/** Rules for every event by both actions that mail, one for each frequency. */
const RULES = EVENTS.flatMap((event) =>
  FREQUENCIES_MINUTES.map((maxFrequencyMinutes) => ({
    name: `${event} ${maxFrequencyMinutes}`,
    event,
    actions: [
      {
        type: 'send-email',
        recipients: [`${event}-${maxFrequencyMinutes}@contoso.example`],
        maxFrequencyMinutes,
      },
      { type: 'notification-profile', maxFrequencyMinutes },
    ],
  })),
);

/** The half of an agent that mails, its servers all dead, for two days of an injected clock in which alerts go on. */
async function run(points: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const faults = new Faults();
  let told = 0;
  let failed = 0;
  for (let number = 0; number < points; number += 1) {
    const first = DEAD[number % DEAD.length] ?? DEAD[0];
    const second = DEAD[Math.floor(random() * DEAD.length)];
    const dead = [first, second].filter((one) => one !== undefined);
    const point = `${dead.map(([what]) => what).join('; then ')} (seed ${seed}, point ${number})`;
    const found = await live(dead.map(([, script]) => script));
    for (const fault of found.faults) faults.add(point, fault);
    for (const fault of feedback(found.mails, found.events)) faults.add(point, fault);
    faults.expect(found.events.length > 0, point, 'no mail ever failed, so nothing was shown');
    told += found.mails.filter(({ source }) => source.type === 'smtp-event').length;
    failed += found.events.length;
  }
  const note = `${DAYS} days each: ${failed} events, ${told} mails about them`;
  return { points, lost: 0, doubled: 0, faults: faults.list, note };
}

/** Mails that came too soon after the one before by the same action, and events about mails that tell of events. */
function feedback(mails: readonly Message[], events: readonly SmtpEventRecord[]): string[] {
  const found: string[] = [];
  const own = new Set(mails.filter(({ source }) => source.type === 'smtp-event').map(({ id }) => id));
  const aboutOwn = events.filter(({ event }) => event.messageId !== null && own.has(event.messageId));
  if (aboutOwn.length > 0) found.push(`${aboutOwn.length} events are about mail that tells of events`);
  const ways = Map.groupBy(
    mails.filter(({ id }) => own.has(id)),
    ({ source, recipients }) => `${source.name} to ${recipients.join()}`,
  );
  for (const [way, list] of ways) {
    const everyMs = Number(/ (\d+) to/.exec(way)?.[1]) * MINUTE_MS;
    const most = Math.ceil((DAYS * DAY_MINUTES * MINUTE_MS) / everyMs);
    if (list.length > most) found.push(`${way}: ${list.length} mails in ${DAYS} days, at most ${most}`);
  }
  // By the time of what is told: the mail itself may be written a moment later.
  const acts = events.flatMap(({ event, actions }) =>
    actions.map(({ rule, type }) => ({ way: `${rule} by ${type}`, at: event.at })),
  );
  for (const [way, list] of Map.groupBy(acts, (act) => act.way)) {
    const everyMs = Number(/ (\d+) by/.exec(way)?.[1]) * MINUTE_MS;
    const times = list.map(({ at }) => at).toSorted((one, other) => one - other);
    const soon = times.filter((at, index) => index > 0 && at - (times[index - 1] ?? 0) < everyMs);
    if (soon.length > 0) found.push(`${way}: ${soon.length} came sooner than allowed`);
  }
  // What else mails of itself about mail: the watch over the ways out, once a day and way.
  const system = mails.filter(({ source }) => source.type === 'system');
  if (system.length > 2 * (DAYS + 1)) found.push(`${system.length} notices of Tocsin's own in ${DAYS} days`);
  return found;
}

async function live(scripts: readonly (Script | null)[]) {
  const scratch = makeScratchDir('tocsin-i12');
  const servers: ScriptedSmtpServer[] = [];
  try {
    const ports: number[] = [];
    for (const script of scripts) {
      const server = script === null ? null : await new ScriptedSmtpServer(script).start();
      if (server !== null) servers.push(server);
      ports.push(server?.port ?? (await freePort()));
    }
    const folder = join(scratch.dir, 'data');
    mkdirSync(folder);
    importSettings(folder, settingsFor(ports));
    const clock = new FakeClock();
    const { mail, store, faults, stop } = await openMailHalf(folder, clock);
    for (let minute = 0; minute < DAYS * DAY_MINUTES; minute += 1) {
      if (minute % MAIL_EVERY_MINUTES === 0) {
        const now = clock.now();
        const message = aMessage({ id: `mail-${minute}`, createdAt: now, causedAt: now });
        mail.telling.outbox.accept([message], now);
        mail.telling.onQueued();
      }
      await mail.paths.look();
      await clock.advance(MINUTE_MS);
      // Sockets are real, and have a time of their own.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const mails = mail.deliveries.list({ limit: 100_000, since: null }).map(({ message }) => message);
    const events = createEventStore(store).list(100_000, null);
    let over = false;
    const stopping = stop().then(() => (over = true));
    while (!over) await clock.advance(1000);
    await stopping;
    return { mails, events, faults };
  } finally {
    for (const server of servers) await server.stop();
    scratch.remove();
  }
}

function settingsFor(ports: readonly number[]): unknown {
  return {
    version: 1,
    installation: { name: 'front-desk' },
    smtp: {
      servers: ports.map((port) => ({ host: '127.0.0.1', port, security: 'none', auth: { method: 'none' } })),
      from: { address: 'tocsin@contoso.example' },
    },
    profile: { emails: ['admin@provider.example'], sms: [] },
    smtpEvents: RULES,
  };
}

show({
  id: 'I12',
  title: 'mail about failed mail cannot feed itself',
  full: 8,
  quick: 2,
  run,
});
