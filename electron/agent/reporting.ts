import type { DeliveryLog } from '../../mail/delivery-log.ts';
import type { RouteStatus } from '../../shared/model/status.ts';
import { createPlatform } from './collect/platform.ts';
import type { Telling } from './mail-system.ts';
import type { History } from './record/history.ts';
import type { StateStore } from './record/state-store.ts';
import { chartData } from './schedule/chart-data.ts';
import type { Monitor } from './schedule/monitor.ts';
import { type ReportSchedule, startReportSchedule } from './schedule/report-schedule.ts';
import { createReporter, type Reporter } from './schedule/reporter.ts';

export interface ReportingOptions extends Telling {
  readonly monitor: Monitor;
  readonly states: StateStore;
  readonly history: History;
  readonly deliveries: DeliveryLog;
  readonly routes: () => readonly RouteStatus[];
}

/** Status reports, on demand and by their schedule, which is to be stopped. */
export interface Reporting {
  readonly reporter: Reporter;
  readonly schedule: ReportSchedule;
}

export function startReporting(options: ReportingOptions): Reporting {
  const { monitor, history, clock, settings } = options;
  const reporter = createReporter({
    ...options,
    platform: () => createPlatform({ clock, system: process.platform }),
    alerts: monitor.alerts,
    log: options.deliveries,
    charts: (inventory, readings, takenAt) => chartData({ history, inventory, readings, takenAt }),
  });
  const schedule = startReportSchedule({
    ...options,
    reports: () => (monitor.pausedUntil() === null ? settings().reports : []),
    send: async (report, dueAt, writeDown) => {
      await reporter.send(report, dueAt, writeDown);
    },
  });
  return { reporter, schedule };
}
