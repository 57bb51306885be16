import { beforeEach, describe, expect, test } from 'vitest';
import type { Collector } from '../../../../../electron/agent/collect/collector.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../../../electron/agent/compose/context.ts';
import { FIRST_WINDOW_MS } from '../../../../../electron/agent/evaluate/grouping.ts';
import { createHeldStore } from '../../../../../electron/agent/record/held-store.ts';
import { createStateStore } from '../../../../../electron/agent/record/state-store.ts';
import {
  createMonitor,
  type Monitor,
  type MonitorOptions,
} from '../../../../../electron/agent/schedule/monitor.ts';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';
import { createOutbox, type Outbox } from '../../../../../mail/outbox.ts';
import type { Store } from '../../../../../mail/store.ts';
import { type Settings, settingsSchema } from '../../../../../shared/contract/settings.ts';
import {
  type MetricRequest,
  type Reading,
  requestKey,
  type Sample,
} from '../../../../../shared/model/sample.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';

const DISK = 'disk.usedPercent /';
const PORT = 'tcp.state mail:25';

let clock: FakeClock;
let store: Store;
let outbox: Outbox;
let settings: Settings;
let monitor: Monitor;
let values: Map<string, number | string>;
/** Requests whose result comes only when the test lets it come. */
let slow: Map<string, (reading: Reading) => void>;
let measured: string[];
let faults: unknown[];
/** The name of an alert whose mails cannot be written. */
let poisoned: string | null;
let onQueued: () => void;
let told: string[][];

function settingsWith(alerts: readonly object[]): Settings {
  return settingsSchema.parse({ version: 1, profile: { emails: ['admin@provider.example'] }, alerts });
}

const DISK_ALERT = {
  name: 'Disk nearly full',
  conditions: [{ metric: 'disk.usedPercent', target: '/', above: 90 }],
  recipients: ['it@contoso.example'],
};

function measure(requests: readonly MetricRequest[]): { ready: Sample[]; pending: Promise<Sample>[] } {
  measured.push(...requests.map(requestKey));
  const ready: Sample[] = [];
  const pending: Promise<Sample>[] = [];
  for (const request of requests) {
    const key = requestKey(request);
    const value = values.get(key);
    const reading: Reading = value === undefined ? { value: null, unknown: 'cannot be read' } : { value };
    const late = slow.has(key);
    if (!late) ready.push({ request, reading, at: clock.now() });
    else {
      pending.push(
        new Promise((resolve) => {
          slow.set(key, (given) => resolve({ request, reading: given, at: clock.now() }));
        }),
      );
    }
  }
  return { ready, pending };
}

function newMonitor(collector?: Collector): Monitor {
  return createMonitor(monitorOptions(collector));
}

function monitorOptions(collector: Collector = { measure, close: () => {} }): MonitorOptions {
  const random = fakeRandom();
  return {
    settings: () => settings,
    collector,
    store,
    states: createStateStore(store),
    held: createHeldStore(store),
    outbox,
    clock,
    random: { ...random, id: () => `id-${clock.now()}-${random.id(0)}` },
    composer: async () => ({
      ...createComposer(),
      alert(notice, context) {
        if (notice.name === poisoned) throw new Error('cannot be written');
        return createComposer().alert(notice, context);
      },
      group(notice, context) {
        if (notice.notices.some(({ name }) => name === poisoned)) throw new Error('cannot be written');
        return createComposer().group(notice, context);
      },
    }),
    composeContext: () => composeContextOf({ settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
    onQueued: () => onQueued(),
    onFault: (error) => faults.push(error),
    onMeasured: (samples) => told.push(samples.map((sample) => requestKey(sample.request))),
  };
}

beforeEach(() => {
  clock = new FakeClock();
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
  settings = settingsWith([DISK_ALERT]);
  values = new Map<string, number | string>([[DISK, 95]]);
  slow = new Map();
  measured = [];
  faults = [];
  poisoned = null;
  onQueued = () => {};
  told = [];
  monitor = newMonitor();
});

const subjects = () =>
  createDeliveryLog(store)
    .list({ limit: 100, since: null })
    .map((record) => record.message.kind)
    .toReversed();

async function check(): Promise<void> {
  const checking = monitor.check();
  checking.catch(() => {});
  await clock.advance(300);
  await checking;
}

/** What follows a group's first mail leaves at the end of its window. */
async function windowEnds(): Promise<void> {
  await clock.advance(FIRST_WINDOW_MS);
}

describe('monitor', () => {
  test('a condition that holds is one mail, however often it is checked', async () => {
    await check();
    await check();
    expect(subjects()).toEqual(['alert']);
  });

  test('its end is a mail in the same conversation (B15)', async () => {
    await check();
    values.set(DISK, 50);
    await check();
    await windowEnds();
    const [resolved, alert] = createDeliveryLog(store).list({ limit: 2, since: null });
    expect(resolved?.message.kind).toBe('resolved');
    expect(resolved?.message.references).toEqual([alert?.message.messageId]);
    expect(resolved?.message.incidentId).toBe(alert?.message.incidentId);
  });

  test('only what some enabled alert needs is measured, each thing once', async () => {
    settings = settingsWith([
      DISK_ALERT,
      { ...DISK_ALERT, name: 'Another' },
      { ...DISK_ALERT, name: 'Off', enabled: false, conditions: [{ metric: 'cpu.usedPercent', above: 1 }] },
    ]);
    await check();
    expect(measured).toEqual([DISK]);
  });

  test('a restart neither forgets an incident nor tells it twice', async () => {
    await check();
    monitor = newMonitor();
    await check();
    expect(subjects()).toEqual(['alert']);
    values.set(DISK, 50);
    await check();
    await windowEnds();
    expect(subjects()).toEqual(['alert', 'resolved']);
  });

  test('when the mail cannot be written down the alert has not fired, and fires at the next check', async () => {
    const accept = outbox.accept;
    outbox.accept = () => {
      throw new Error('database or disk is full');
    };
    await expect(check()).rejects.toThrow('disk is full');
    outbox.accept = accept;
    expect(monitor.alerts()[0]?.state.phase).toBe('ok');
    await check();
    expect(subjects()).toEqual(['alert']);
  });

  test('a slow measurement holds no other alert back, and is acted on when it comes', async () => {
    const port = {
      name: 'Mail server',
      conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }],
      recipients: ['network@contoso.example'],
    };
    settings = settingsWith([DISK_ALERT, port]);
    slow.set(PORT, () => {});
    await check();
    expect(subjects()).toEqual(['alert']);
    slow.get(PORT)?.({ value: 'closed' });
    await clock.advance(0);
    expect(subjects()).toEqual(['alert', 'alert']);
    expect(faults).toEqual([]);
  });

  test('a reading of a source that is asked once a minute stands until it is due again, and no longer', async () => {
    const sample: Sample = {
      request: { metric: 'disk.usedPercent', target: '/' },
      reading: { value: 95 },
      at: clock.now(),
      goodForMs: 60_000,
    };
    const held = settingsWith([
      { ...DISK_ALERT, conditions: [{ metric: 'disk.usedPercent', target: '/', above: 90, forSeconds: 60 }] },
    ]);
    monitor = newMonitor({ measure: () => ({ ready: [sample], pending: [] }), close: () => {} });
    settings = held;
    for (let cycle = 0; cycle < 8; cycle++) {
      await check();
      await clock.advance(9_700);
    }
    expect(subjects()).toEqual(['alert']);
    settings = settingsWith([
      { ...DISK_ALERT, unknownAfterSeconds: 60, conditions: held.alerts[0]?.conditions },
    ]);
    for (let cycle = 0; cycle < 12; cycle++) {
      await check();
      await clock.advance(9_700);
    }
    expect(subjects()).toEqual(['alert', 'notice']);
  });

  test('what was measured is handed on: at once, when it comes late, and nothing while it is paused', async () => {
    const port = { ...DISK_ALERT, conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }] };
    settings = settingsWith([DISK_ALERT, { ...port, name: 'Mail server' }]);
    slow.set(PORT, () => {});
    await check();
    expect(told).toEqual([[DISK]]);
    slow.get(PORT)?.({ value: 'closed' });
    await clock.advance(0);
    expect(told).toEqual([[DISK], [PORT]]);
    monitor.setPausedUntil('forever');
    await check();
    expect(told).toEqual([[DISK], [PORT], []]);
  });

  test('what cannot be measured is told to the administrator once', async () => {
    values.delete(DISK);
    settings = settingsWith([{ ...DISK_ALERT, unknownAfterSeconds: 60 }]);
    for (let minute = 0; minute < 20; minute++) {
      await check();
      await clock.advance(20_000);
    }
    const [notice, ...others] = createDeliveryLog(store).list({ limit: 9, since: null });
    expect(notice?.message.recipients).toEqual(['admin@provider.example']);
    expect(notice?.message.text).toContain('cannot be read');
    expect(others).toEqual([]);
  });

  test('while it is paused nothing is decided; after its time it goes on by itself', async () => {
    monitor.setPausedUntil(clock.now() + 60_000);
    await check();
    expect(subjects()).toEqual([]);
    await clock.advance(60_000);
    await check();
    expect(subjects()).toEqual(['alert']);
  });

  test('a pause survives a restart', async () => {
    monitor.setPausedUntil('forever');
    monitor = newMonitor();
    await check();
    expect(subjects()).toEqual([]);
  });

  test('an alert is found by its name whatever its case, and only one that fires can be acknowledged', async () => {
    const acknowledge = (name: string) =>
      monitor.change(name, (state) =>
        state.phase === 'firing' ? { ...state, acknowledgedAt: clock.now() } : null,
      );
    expect(await acknowledge('disk NEARLY full')).toBe('not-firing');
    await check();
    expect(await acknowledge('disk NEARLY full')).toBe('done');
    expect(await acknowledge('no such alert')).toBe('not-found');
    await clock.advance(10 * 3_600_000);
    await check();
    expect(subjects()).toEqual(['alert']);
  });

  test('an alert whose limit was changed is judged by the new one', async () => {
    await check();
    settings = settingsWith([
      { ...DISK_ALERT, conditions: [{ metric: 'disk.usedPercent', target: '/', above: 99 }] },
    ]);
    await monitor.settingsChanged();
    await check();
    await windowEnds();
    expect(subjects()).toEqual(['alert', 'resolved']);
  });

  test('a new condition begins afresh, and does not go on from the one it stands in place of', async () => {
    await check();
    const other = { metric: 'cpu.usedPercent', above: 50, clear: 10 };
    settings = settingsWith([{ ...DISK_ALERT, conditions: [other] }]);
    values.set('cpu.usedPercent', 20);
    // A check may come between the exchange of the settings and its announcement.
    await check();
    await monitor.settingsChanged();
    await check();
    await windowEnds();
    expect(subjects()).toEqual(['alert', 'resolved']);
  });

  test('a check under way when the settings are exchanged tells nobody by the old ones', async () => {
    const port = { name: 'Port', conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }] };
    settings = settingsWith([DISK_ALERT, port]);
    slow.set(PORT, () => {});
    const checking = monitor.check();
    settings = settingsWith([{ ...DISK_ALERT, recipients: ['somebody-else@contoso.example'] }]);
    await monitor.settingsChanged();
    await clock.advance(300);
    await checking;
    expect(subjects()).toEqual([]);
    slow.get(PORT)?.({ value: 'closed' });
    await check();
    const [alert, ...others] = createDeliveryLog(store).list({ limit: 9, since: null });
    expect(alert?.message.recipients).toEqual(['somebody-else@contoso.example']);
    expect(others).toEqual([]);
  });

  test('a pause that cannot be written down is none', () => {
    store.close();
    expect(() => monitor.setPausedUntil('forever')).toThrow(/not open/);
    expect(monitor.pausedUntil()).toBeNull();
  });

  test('a pause of an hour is over after an hour, though the clock was set back by a year', async () => {
    monitor.setPausedUntil(clock.now() + 3_600_000);
    clock.jump(-365 * 24 * 3_600_000);
    await clock.advance(3_600_000);
    await check();
    expect(subjects()).toEqual(['alert']);
  });

  test('of a thousand alerts at once the first leave before the last are written', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `Alert ${number}`);
    settings = settingsWith(
      names.map((name, number) => ({ ...DISK_ALERT, name, recipients: [`a${number}@contoso.example`] })),
    );
    const waiting: number[] = [];
    onQueued = () => waiting.push(outbox.waiting('smtp'));
    await check();
    expect(outbox.waiting('smtp')).toBe(200);
    expect(waiting[0]).toBeLessThan(50);
    expect(monitor.alerts().every(({ state }) => state.phase === 'firing')).toBe(true);
  });

  test('a mail that cannot be written holds no other back, and its alert fires once it can be', async () => {
    settings = settingsWith([{ ...DISK_ALERT, name: 'Poisoned' }, DISK_ALERT]);
    poisoned = 'Poisoned';
    await check();
    expect(subjects()).toEqual(['alert']);
    expect(faults).toHaveLength(1);
    poisoned = null;
    await check();
    await windowEnds();
    expect(subjects()).toEqual(['alert', 'alert']);
  });
});

describe('where the disk takes nothing', () => {
  const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 });

  test('mails go to memory, once, and the state follows when the disk takes it', async () => {
    const kept: string[] = [];
    let isFull = true;
    monitor = createMonitor({
      ...monitorOptions(),
      store: {
        ...store,
        transaction: (work) => {
          if (isFull) throw full();
          return store.transaction(work);
        },
      },
      keepInMemory: (messages) => kept.push(...messages.map((message) => message.kind)),
    });
    await check();
    await check();
    const [alert] = settings.alerts;
    const stateNow = () => (alert ? createStateStore(store).alert(alert) : null);
    const saved = () => stateNow()?.phase ?? null;
    expect([kept, saved(), faults]).toEqual([['alert'], null, []]);
    isFull = false;
    await check();
    expect([kept, subjects(), saved()]).toEqual([['alert'], [], 'firing']);
  });
});
