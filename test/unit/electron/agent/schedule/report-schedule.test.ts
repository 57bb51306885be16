import { beforeEach, describe, expect, test } from 'vitest';
import { createStateStore } from '../../../../../electron/agent/record/state-store.ts';
import { startReportSchedule } from '../../../../../electron/agent/schedule/report-schedule.ts';
import type { Store } from '../../../../../mail/store.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';

const HOUR = 3_600_000;
const { reports } = settingsSchema.parse({
  version: 1,
  reports: [
    { name: 'Hourly', cron: '0 * * * *', recipients: ['it@contoso.example'] },
    { name: 'On demand', cron: null },
    { name: 'Off', cron: '* * * * *', enabled: false },
  ],
});

let store: Store;
let clock: FakeClock;
let sent: string[];

beforeEach(() => {
  store = memoryStore();
  clock = new FakeClock(Date.UTC(2026, 0, 5, 7, 30, 0));
  sent = [];
});

function start(fail = false) {
  return startReportSchedule({
    reports: () => reports,
    states: createStateStore(store),
    clock,
    send: async (report, dueAt, writeDown) => {
      if (fail) throw new Error('disk is full');
      sent.push(`${report.name} ${new Date(dueAt).toISOString().slice(11, 16)}`);
      writeDown();
    },
    onFault: () => {},
  });
}

describe('report schedule', () => {
  test('sends each report when it is due, and no other', async () => {
    const schedule = start();
    await clock.advance(3 * HOUR);
    expect(sent).toEqual(['Hourly 08:00', 'Hourly 09:00', 'Hourly 10:00']);
    await schedule.stop();
    await clock.advance(HOUR);
    expect(sent).toHaveLength(3);
  });

  test('a report that fell due while the computer was off is sent once at start', async () => {
    await start().stop();
    clock.jump(5 * HOUR);
    const schedule = start();
    await clock.advance(1000);
    expect(sent).toEqual(['Hourly 08:00']);
    expect(schedule.nextAt(reports[0] ?? never())).toBe(Date.UTC(2026, 0, 5, 13, 0, 0));
  });

  test('one that is more than a day late is left out', async () => {
    await start().stop();
    clock.jump(30 * HOUR);
    start();
    await clock.advance(1000);
    expect(sent).toEqual([]);
  });

  test('a restart just after it was sent does not send it again', async () => {
    const schedule = start();
    await clock.advance(HOUR);
    await schedule.stop();
    start();
    await clock.advance(1000);
    expect(sent).toEqual(['Hourly 08:00']);
  });

  test('one that could not be written down is tried again', async () => {
    const schedule = start(true);
    await clock.advance(HOUR);
    await schedule.stop();
    start();
    await clock.advance(1000);
    expect(sent).toEqual(['Hourly 08:00']);
  });

  test('a clock that is set back does not stop reports until it has caught up', async () => {
    const schedule = start();
    await clock.advance(HOUR);
    clock.jump(-24 * HOUR);
    schedule.refresh();
    await clock.advance(HOUR);
    expect(sent).toEqual(['Hourly 08:00', 'Hourly 09:00']);
  });

  test('one that cannot be sent holds no other up, and is not tried without a pause', async () => {
    let tries = 0;
    const two = ['Bad', 'Good'].map((name) => ({ ...(reports[0] ?? never()), name }));
    startReportSchedule({
      reports: () => two,
      states: createStateStore(store),
      clock,
      send: async (report, _, writeDown) => {
        if (report.name === 'Bad') {
          tries++;
          throw new Error('cannot be written');
        }
        sent.push(report.name);
        writeDown();
      },
      onFault: () => {},
    });
    await clock.advance(HOUR);
    expect(sent).toEqual(['Good']);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(100);
  });

  test('goes on after the database could not be read or written for a while', async () => {
    const states = createStateStore(store);
    let broken = false;
    const faults: unknown[] = [];
    startReportSchedule({
      reports: () => reports,
      states: {
        ...states,
        reportDueAt: (name, cron) => {
          if (broken) throw new Error('disk I/O error');
          return states.reportDueAt(name, cron);
        },
      },
      clock,
      send: async (report, _, writeDown) => {
        sent.push(report.name);
        writeDown();
      },
      onFault: (error) => faults.push(error),
    });
    await clock.advance(1000);
    broken = true;
    await clock.advance(HOUR);
    expect(faults).not.toEqual([]);
    broken = false;
    await clock.advance(60_000);
    expect(sent).toEqual(['Hourly']);
  });
});

function never(): never {
  throw new Error('there is a first report');
}
