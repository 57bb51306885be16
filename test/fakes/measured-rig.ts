import type { Collector } from '../../electron/agent/collect/collector.ts';
import { createComposer } from '../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../electron/agent/compose/context.ts';
import { FIRST_WINDOW_MS } from '../../electron/agent/evaluate/grouping.ts';
import { createHeldStore } from '../../electron/agent/record/held-store.ts';
import { createStateStore } from '../../electron/agent/record/state-store.ts';
import { createMonitor, type Monitor, type MonitorOptions } from '../../electron/agent/schedule/monitor.ts';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createOutbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import { type MetricRequest, type Reading, requestKey, type Sample } from '../../shared/model/sample.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { memoryStore } from './memory-store.ts';

export const DISK = 'disk.usedPercent /';
export const PORT = 'tcp.state mail:25';

export const DISK_ALERT = {
  name: 'Disk nearly full',
  conditions: [{ metric: 'disk.usedPercent', target: '/', above: 90 }],
  recipients: ['it@contoso.example'],
};

export function settingsWith(alerts: readonly object[]): Settings {
  return settingsSchema.parse({ version: 1, profile: { emails: ['admin@provider.example'] }, alerts });
}

/** A monitor with a real database and a fake clock, whose measurements the test gives. */
export class MeasuredRig {
  readonly clock = new FakeClock();
  readonly store: Store = memoryStore();
  readonly outbox = createOutbox(this.store, fakeRandom());
  settings: Settings = settingsWith([DISK_ALERT]);
  values = new Map<string, number | string>([[DISK, 95]]);
  /** Requests whose result comes only when the test lets it come. */
  readonly slow = new Map<string, (reading: Reading) => void>();
  measured: string[] = [];
  faults: unknown[] = [];
  /** The name of an alert whose mails cannot be written. */
  poisoned: string | null = null;
  onQueued: () => void = () => {};
  told: string[][] = [];
  monitor: Monitor = this.newMonitor();

  newMonitor(collector?: Collector): Monitor {
    return createMonitor(this.monitorOptions(collector));
  }

  monitorOptions(collector?: Collector): MonitorOptions {
    const random = fakeRandom();
    const { clock, store } = this;
    return {
      settings: () => this.settings,
      collector: collector ?? { measure: (requests) => this.measure(requests), close: () => {} },
      store,
      states: createStateStore(store),
      held: createHeldStore(store),
      outbox: this.outbox,
      clock,
      random: { ...random, id: () => `id-${clock.now()}-${random.id(0)}` },
      composer: async () => ({
        ...createComposer(),
        alert: (notice, context) => {
          if (notice.name === this.poisoned) throw new Error('cannot be written');
          return createComposer().alert(notice, context);
        },
        group: (notice, context) => {
          if (notice.notices.some(({ name }) => name === this.poisoned)) throw new Error('cannot be written');
          return createComposer().group(notice, context);
        },
      }),
      composeContext: () =>
        composeContextOf({ settings: this.settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
      onQueued: () => this.onQueued(),
      onFault: (error) => this.faults.push(error),
      onMeasured: (samples) => this.told.push(samples.map((sample) => requestKey(sample.request))),
    };
  }

  /** The kinds of the mails, oldest first. */
  subjects() {
    return createDeliveryLog(this.store)
      .list({ limit: 100, since: null })
      .map((record) => record.message.kind)
      .toReversed();
  }

  async check(): Promise<void> {
    const checking = this.monitor.check();
    checking.catch(() => {});
    await this.clock.advance(300);
    await checking;
  }

  /** What follows a group's first mail leaves at the end of its window. */
  async windowEnds(): Promise<void> {
    await this.clock.advance(FIRST_WINDOW_MS);
  }

  measure(requests: readonly MetricRequest[]): { ready: Sample[]; pending: Promise<Sample>[] } {
    this.measured.push(...requests.map(requestKey));
    const ready: Sample[] = [];
    const pending: Promise<Sample>[] = [];
    for (const request of requests) {
      const key = requestKey(request);
      const value = this.values.get(key);
      const reading: Reading = value === undefined ? { value: null, unknown: 'cannot be read' } : { value };
      const late = this.slow.has(key);
      if (!late) ready.push({ request, reading, at: this.clock.now() });
      else {
        pending.push(
          new Promise((resolve) => {
            this.slow.set(key, (given) => resolve({ request, reading: given, at: this.clock.now() }));
          }),
        );
      }
    }
    return { ready, pending };
  }
}
