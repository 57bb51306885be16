import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';
import { type Sample } from '../../../../../shared/model/sample.ts';

import { DISK, DISK_ALERT, MeasuredRig, PORT, settingsWith } from '../../../../fakes/measured-rig.ts';

let rig: MeasuredRig;
beforeEach(() => {
  rig = new MeasuredRig();
});

describe('what is measured', () => {
  test('only what some enabled alert needs is measured, each thing once', async () => {
    rig.settings = settingsWith([
      DISK_ALERT,
      { ...DISK_ALERT, name: 'Another' },
      { ...DISK_ALERT, name: 'Off', enabled: false, conditions: [{ metric: 'cpu.usedPercent', above: 1 }] },
    ]);
    await rig.check();
    expect(rig.measured).toEqual([DISK]);
  });

  test('a slow measurement holds no other alert back, and is acted on when it comes', async () => {
    const port = {
      name: 'Mail server',
      conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }],
      recipients: ['network@contoso.example'],
    };
    rig.settings = settingsWith([DISK_ALERT, port]);
    rig.slow.set(PORT, () => {});
    await rig.check();
    expect(rig.subjects()).toEqual(['alert']);
    rig.slow.get(PORT)?.({ value: 'closed' });
    await rig.clock.advance(0);
    expect(rig.subjects()).toEqual(['alert', 'alert']);
    expect(rig.faults).toEqual([]);
  });

  test('a reading of a source that is asked once a minute stands until it is due again, and no longer', async () => {
    const sample: Sample = {
      request: { metric: 'disk.usedPercent', target: '/' },
      reading: { value: 95 },
      at: rig.clock.now(),
      goodForMs: 60_000,
    };
    const held = settingsWith([
      { ...DISK_ALERT, conditions: [{ metric: 'disk.usedPercent', target: '/', above: 90, forSeconds: 60 }] },
    ]);
    rig.monitor = rig.newMonitor({ measure: () => ({ ready: [sample], pending: [] }), close: () => {} });
    rig.settings = held;
    for (let cycle = 0; cycle < 8; cycle++) {
      await rig.check();
      await rig.clock.advance(9_700);
    }
    expect(rig.subjects()).toEqual(['alert']);
    rig.settings = settingsWith([
      { ...DISK_ALERT, unknownAfterSeconds: 60, conditions: held.alerts[0]?.conditions },
    ]);
    for (let cycle = 0; cycle < 12; cycle++) {
      await rig.check();
      await rig.clock.advance(9_700);
    }
    expect(rig.subjects()).toEqual(['alert', 'notice']);
  });

  test('what was measured is handed on: at once, when it comes late, and nothing while it is paused', async () => {
    const port = { ...DISK_ALERT, conditions: [{ metric: 'tcp.state', target: 'mail:25', is: 'closed' }] };
    rig.settings = settingsWith([DISK_ALERT, { ...port, name: 'Mail server' }]);
    rig.slow.set(PORT, () => {});
    await rig.check();
    expect(rig.told).toEqual([[DISK]]);
    rig.slow.get(PORT)?.({ value: 'closed' });
    await rig.clock.advance(0);
    expect(rig.told).toEqual([[DISK], [PORT]]);
    rig.monitor.setPausedUntil('forever');
    await rig.check();
    expect(rig.told).toEqual([[DISK], [PORT], []]);
  });

  test('what cannot be measured is told to the administrator once', async () => {
    rig.values.delete(DISK);
    rig.settings = settingsWith([{ ...DISK_ALERT, unknownAfterSeconds: 60 }]);
    for (let minute = 0; minute < 20; minute++) {
      await rig.check();
      await rig.clock.advance(20_000);
    }
    const [notice, ...others] = createDeliveryLog(rig.store).list({ limit: 9, since: null });
    expect(notice?.message.recipients).toEqual(['admin@provider.example']);
    expect(notice?.message.text).toContain('cannot be read');
    expect(others).toEqual([]);
  });
});
