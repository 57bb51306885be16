import fc from 'fast-check';
import { createComposer } from '../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../electron/agent/compose/context.ts';
import { createHeldStore } from '../../electron/agent/record/held-store.ts';
import { createStateStore } from '../../electron/agent/record/state-store.ts';
import { createMonitor } from '../../electron/agent/schedule/monitor.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { settingsSchema } from '../../shared/contract/settings.ts';
import { FakeClock, fakeRandom } from '../fakes/fake-clock.ts';
import { FakeOutlet } from '../fakes/fake-outlet.ts';
import { memoryStore } from '../fakes/memory-store.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const JUMPS = [HOUR_MS, -HOUR_MS, YEAR_MS, -YEAR_MS] as const;
const CHECK_MS = 10_000;
const ALERTS = 5;

interface Step {
  readonly jumpMs: number;
  /** Checks before the jump. */
  readonly checks: number;
  readonly serverAway: boolean;
}

const steps = fc.array(
  fc.record({
    jumpMs: fc.constantFrom(0, ...JUMPS),
    checks: fc.integer({ min: 1, max: 4 }),
    serverAway: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const settings = settingsSchema.parse({
  version: 1,
  alerts: Array.from({ length: ALERTS }, (_, index) => ({
    name: `Alert ${index}`,
    conditions: [{ metric: 'cpu.usedPercent', above: 90, forSeconds: 5 * index }],
    recipients: [`a${index}@contoso.example`],
    repeatMinutes: 0,
  })),
});

/** Alerts that hold all the time while the wall clock jumps and the server comes and goes: one mail each, in the end. */
async function run(points: number, seed: number): Promise<Outcome> {
  const faults = new Faults();
  let lost = 0;
  let doubled = 0;
  for (const plan of fc.sample(steps, { numRuns: points, seed })) {
    const sent = await play(plan, (fault) => faults.add(JSON.stringify(plan), fault));
    for (let index = 0; index < ALERTS; index += 1) {
      const count = sent.filter((name) => name === `Alert ${index}`).length;
      if (count === 0) lost += 1;
      doubled += Math.max(0, count - 1);
      faults.expect(count === 1, JSON.stringify(plan), `Alert ${index} was sent ${count} times`);
    }
  }
  return { points, lost, doubled, faults: faults.list };
}

async function play(plan: readonly Step[], onFault: (fault: string) => void): Promise<string[]> {
  const clock = new FakeClock();
  const store = memoryStore();
  const outbox = createOutbox(store, fakeRandom());
  const outlet = new FakeOutlet();
  const random = fakeRandom();
  const dispatcher = createDispatcher({
    outbox,
    clock,
    route: () => ({ outlet }),
    onFault: (error) => onFault(String(error)),
  });
  const monitor = createMonitor({
    settings: () => settings,
    collector: {
      measure: (requests) => ({
        ready: requests.map((request) => ({ request, reading: { value: 99 }, at: clock.now() })),
        pending: [],
      }),
      close: () => {},
    },
    store,
    states: createStateStore(store),
    held: createHeldStore(store),
    outbox,
    clock,
    random,
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
    onQueued: dispatcher.wake,
    onFault: (error) => onFault(String(error)),
  });
  const check = async () => {
    void monitor.check().catch((error: unknown) => onFault(String(error)));
    await clock.advance(CHECK_MS);
  };
  for (const { jumpMs, checks, serverAway } of plan) {
    outlet.isAvailable = !serverAway;
    if (!serverAway) dispatcher.wake();
    for (let count = 0; count < checks; count += 1) await check();
    clock.jump(jumpMs);
  }
  outlet.isAvailable = true;
  // Whatever the clock says, ten minutes later everything has left.
  for (let count = 0; count < 60; count += 1) await check();
  await dispatcher.stop();
  store.close();
  return outlet.sent.map(({ message }) => message.source.name);
}

show({
  id: 'I7',
  title: 'clock jumps of an hour or a year: one mail each, no storm, no stall',
  full: 300,
  quick: 30,
  run,
});
