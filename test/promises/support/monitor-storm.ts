import { setFlagsFromString } from 'node:v8';
import { createComposer } from '../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../electron/agent/compose/context.ts';
import { createHeldStore } from '../../../electron/agent/record/held-store.ts';
import { createStateStore } from '../../../electron/agent/record/state-store.ts';
import { createMonitor } from '../../../electron/agent/schedule/monitor.ts';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import { type Settings, settingsSchema } from '../../../shared/contract/settings.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';

export interface MonitorStorm {
  readonly told: number;
  readonly mails: number;
  /** Notices that waited at the same time. */
  readonly mostHeld: number;
  /** What this process took at most beyond what it had before: the test runner is in it. */
  readonly grownMb: number;
}

const CHECKS = 6;
const CHECK_MS = 10_000;

/** More alerts than settings allow, which fire check by check within a minute for one address. */
export async function storm(count: number): Promise<MonitorStorm> {
  // As the agent does it at its start.
  setFlagsFromString('--semi-space-growth-factor=1');
  const settings = settingsWith(count);
  const clock = new FakeClock();
  const store = memoryStore();
  const random = fakeRandom();
  let firing = 0;
  let mostHeld = 0;
  let mostMb = 0;
  const beforeMb = process.memoryUsage.rss() / 1024 ** 2;
  const monitor = createMonitor({
    settings: () => settings,
    collector: {
      measure: (requests) => ({
        ready: requests.map((request) => ({
          request,
          reading: { value: Number(request.target) < firing ? 'missing' : 'present' },
          at: clock.now(),
        })),
        pending: [],
      }),
      close: () => {},
    },
    store,
    states: createStateStore(store),
    held: createHeldStore(store),
    outbox: createOutbox(store, random),
    clock,
    random,
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
    onQueued: () => {},
    onFault: (error) => {
      throw error;
    },
  });
  const look = () => {
    mostMb = Math.max(mostMb, process.memoryUsage.rss() / 1024 ** 2);
    mostHeld = Math.max(mostHeld, Number(store.get('SELECT count(*) AS n FROM held_notice')?.['n']));
  };
  for (let check = 1; check <= CHECKS; check++) {
    firing = (check * count) / CHECKS;
    const checking = monitor.check();
    await clock.advance(CHECK_MS);
    await checking;
    look();
  }
  await clock.advance(10 * 60_000);
  look();
  monitor.stop();
  const mails = createDeliveryLog(store).list({ limit: 10_000, since: null });
  const counts = mails.map(({ message }) => alertCount(message.subject));
  store.close();
  return {
    told: counts.reduce((sum, one) => sum + one, 0),
    mails: mails.length,
    mostHeld,
    grownMb: mostMb - beforeMb,
  };
}

function settingsWith(count: number): Settings {
  const one = settingsSchema.parse({
    version: 1,
    alerts: [
      {
        name: 'Alert',
        conditions: [{ metric: 'file.state', target: '0', is: 'missing' }],
        recipients: ['it@contoso.example'],
      },
    ],
  });
  const alerts = one.alerts.flatMap((alert) =>
    Array.from({ length: count }, (_, index) => ({
      ...alert,
      name: `Alert ${index}`,
      severity: index % 80 === 0 ? ('critical' as const) : ('warning' as const),
      conditions: alert.conditions.map((condition) => ({ ...condition, target: String(index) })),
    })),
  );
  return { ...one, alerts };
}

/** How many alerts a subject counts: "[CRITICAL] front-desk: 1,000 alerts: Alert 0, …"; 1 where it names one. */
export function alertCount(subject: string): number {
  return Number((/ ([\d,]+) alerts/.exec(subject)?.[1] ?? '1').replaceAll(',', ''));
}
