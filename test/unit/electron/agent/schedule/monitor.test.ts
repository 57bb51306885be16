import { beforeEach, describe, expect, test } from 'vitest';
import { createStateStore } from '../../../../../electron/agent/record/state-store.ts';
import { createMonitor } from '../../../../../electron/agent/schedule/monitor.ts';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';

import { DISK, DISK_ALERT, MeasuredRig, PORT, settingsWith } from '../../../../fakes/measured-rig.ts';

let rig: MeasuredRig;
beforeEach(() => {
  rig = new MeasuredRig();
});

describe('monitor', () => {
  test('a condition that holds is one mail, however often it is checked', async () => {
    await rig.check();
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
  });

  test('its end is a mail in the same conversation (B15)', async () => {
    await rig.check();
    rig.values.set(DISK, 50);
    await rig.check();
    await rig.windowEnds();
    const [resolved, alert] = createDeliveryLog(rig.store).list({ limit: 2, since: null });
    expect(resolved?.message.kind).toBe('resolved');
    expect(resolved?.message.references).toEqual([alert?.message.messageId]);
    expect(resolved?.message.incidentId).toBe(alert?.message.incidentId);
  });

  test('a restart neither forgets an incident nor tells it twice', async () => {
    await rig.check();
    rig.monitor = rig.newMonitor();
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
    rig.values.set(DISK, 50);
    await rig.check();
    await rig.windowEnds();
    expect(rig.subjects()).toEqual(['alert', 'resolved']);
  });

  test('when the mail cannot be written down the alert has not fired, and fires at the next check', async () => {
    const accept = rig.outbox.accept;
    rig.outbox.accept = () => {
      throw new Error('database or disk is full');
    };
    await expect(rig.check()).rejects.toThrow('disk is full');
    rig.outbox.accept = accept;
    expect(rig.monitor.alerts()[0]?.state.phase).toBe('ok');
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
  });

  test('while it is paused nothing is decided; after its time it goes on by itself', async () => {
    rig.monitor.setPausedUntil(rig.clock.now() + 60_000);
    await rig.check();
    expect(rig.subjects()).toEqual([]);
    await rig.clock.advance(60_000);
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
  });

  test('a pause survives a restart', async () => {
    rig.monitor.setPausedUntil('forever');
    rig.monitor = rig.newMonitor();
    await rig.check();
    expect(rig.subjects()).toEqual([]);
  });

  test('an alert is found by its name whatever its case, and only one that fires can be acknowledged', async () => {
    const acknowledge = (name: string) =>
      rig.monitor.change(name, (state) =>
        state.phase === 'firing' ? { ...state, acknowledgedAt: rig.clock.now() } : null,
      );
    expect(await acknowledge('disk NEARLY full')).toBe('not-firing');
    await rig.check();
    expect(await acknowledge('disk NEARLY full')).toBe('done');
    expect(await acknowledge('no such alert')).toBe('not-found');
    await rig.clock.advance(10 * 3_600_000);
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
  });

  test('an alert whose limit was changed is judged by the new one', async () => {
    await rig.check();
    rig.settings = settingsWith([
      { ...DISK_ALERT, conditions: [{ metric: 'disk.usedPercent', target: '/', above: 99 }] },
    ]);
    await rig.monitor.settingsChanged();
    await rig.check();
    await rig.windowEnds();
    expect(rig.subjects()).toEqual(['alert', 'resolved']);
  });

  test('a new condition begins afresh, and does not go on from the one it stands in place of', async () => {
    await rig.check();
    const other = { metric: 'cpu.usedPercent', above: 50, clear: 10 };
    rig.settings = settingsWith([{ ...DISK_ALERT, conditions: [other] }]);
    rig.values.set('cpu.usedPercent', 20);
    // A check may come between the exchange of the settings and its announcement.
    await rig.check();
    await rig.monitor.settingsChanged();
    await rig.check();
    await rig.windowEnds();
    expect(rig.subjects()).toEqual(['alert', 'resolved']);
  });

  test('a check under way when the settings are exchanged tells nobody by the old ones', async () => {
    const port = { name: 'Port', conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }] };
    rig.settings = settingsWith([DISK_ALERT, port]);
    rig.slow.set(PORT, () => {});
    const checking = rig.monitor.check();
    rig.settings = settingsWith([{ ...DISK_ALERT, recipients: ['somebody-else@contoso.example'] }]);
    await rig.monitor.settingsChanged();
    await rig.clock.advance(300);
    await checking;
    expect(rig.subjects()).toEqual([]);
    rig.slow.get(PORT)?.({ value: 'closed' });
    await rig.check();
    const [alert, ...others] = createDeliveryLog(rig.store).list({ limit: 9, since: null });
    expect(alert?.message.recipients).toEqual(['somebody-else@contoso.example']);
    expect(others).toEqual([]);
  });

  test('a pause that cannot be written down is none', () => {
    rig.store.close();
    expect(() => rig.monitor.setPausedUntil('forever')).toThrow(/not open/);
    expect(rig.monitor.pausedUntil()).toBeNull();
  });

  test('a pause of an hour is over after an hour, though the clock was set back by a year', async () => {
    rig.monitor.setPausedUntil(rig.clock.now() + 3_600_000);
    rig.clock.jump(-365 * 24 * 3_600_000);
    await rig.clock.advance(3_600_000);
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
  });

  test('of a thousand alerts at once the first leave before the last are written', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `Alert ${number}`);
    rig.settings = settingsWith(
      names.map((name, number) => ({ ...DISK_ALERT, name, recipients: [`a${number}@contoso.example`] })),
    );
    const waiting: number[] = [];
    rig.onQueued = () => waiting.push(rig.outbox.waiting('smtp'));
    await rig.check();
    expect(rig.outbox.waiting('smtp')).toBe(200);
    expect(waiting[0]).toBeLessThan(50);
    expect(rig.monitor.alerts().every(({ state }) => state.phase === 'firing')).toBe(true);
  });

  test('a mail that cannot be written holds no other back, and its alert fires once it can be', async () => {
    rig.settings = settingsWith([{ ...DISK_ALERT, name: 'Poisoned' }, DISK_ALERT]);
    rig.poisoned = 'Poisoned';
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
    expect(rig.faults).toHaveLength(1);
    rig.poisoned = null;
    await rig.check();
    await rig.windowEnds();
    expect(rig.subjects()).toEqual(['alert', 'alert']);
  });
});

describe('where the disk takes nothing', () => {
  const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 });

  test('mails go to memory, once, and the state follows when the disk takes it', async () => {
    const kept: string[] = [];
    let isFull = true;
    rig.monitor = createMonitor({
      ...rig.monitorOptions(),
      store: {
        ...rig.store,
        transaction: (work) => {
          if (isFull) throw full();
          return rig.store.transaction(work);
        },
      },
      keepInMemory: (messages) => kept.push(...messages.map((message) => message.kind)),
    });
    await rig.check();
    await rig.check();
    const [alert] = rig.settings.alerts;
    const stateNow = () => (alert ? createStateStore(rig.store).alert(alert) : null);
    const saved = () => stateNow()?.phase ?? null;
    expect([kept, saved(), rig.faults]).toEqual([['alert'], null, []]);
    isFull = false;
    await rig.check();
    expect([kept, rig.subjects(), saved()]).toEqual([['alert'], [], 'firing']);
  });
});
