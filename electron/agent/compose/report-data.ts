import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { ReportSettings } from '../../../shared/contract/settings.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import type { RouteStatus } from '../../../shared/model/status.ts';
import type { Inventory } from '../collect/source.ts';
import type { AlertView } from '../schedule/monitor.ts';
import type { ChartData, DeliveryHealth, ReportData, WatchedItem } from './compose.ts';
import { activeAlerts, conditionViews } from './notices.ts';

const WINDOW_HOURS = 24;

export interface ReportSources {
  readonly report: ReportSettings;
  readonly takenAt: number;
  readonly dueAt: number | null;
  readonly inventory: Inventory;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly history: readonly ChartData[];
  readonly alerts: readonly AlertView[];
  readonly log: DeliveryLog;
  readonly routes: readonly RouteStatus[];
}

/** Puts together what a status report says. */
export function reportData(sources: ReportSources): ReportData {
  const { report, alerts } = sources;
  return {
    name: report.name,
    takenAt: sources.takenAt,
    dueAt: sources.dueAt,
    inventory: sources.inventory,
    readings: sources.readings,
    history: sources.history,
    watched: alerts.flatMap(watchedItems),
    firing: activeAlerts(alerts.filter(({ alert }) => alert.enabled)),
    delivery: deliveryHealth(sources),
    recipients: report.recipients,
    emailProperties: report.emailProperties,
  };
}

function watchedItems({ alert, state, samples }: AlertView): WatchedItem[] {
  const readings = samples.map(
    (sample): Reading => sample?.reading ?? { value: null, unknown: 'has not been measured yet' },
  );
  return conditionViews(alert, state, readings).map((view) => ({
    ...view,
    alertName: alert.name,
    severity: alert.severity,
    alertPhase: alert.enabled ? state.phase : 'disabled',
  }));
}

function deliveryHealth({ log, takenAt, routes }: ReportSources): DeliveryHealth {
  const counts = log.counts(takenAt - WINDOW_HOURS * 3_600_000);
  return {
    windowHours: WINDOW_HOURS,
    ...counts,
    routes: routes.map((route) => ({
      text: routeText(route),
      state: route.state === 'not-set-up' ? 'unused' : route.state,
      detail: route.detail,
    })),
  };
}

/** A route in a few words, such as "SMTP mail.contoso.example:587". */
export function routeText(route: Pick<RouteStatus, 'route' | 'server'>): string {
  switch (route.route) {
    case 'practice':
      return 'Practice mailbox';
    case 'relay':
      return 'Tocsin Web Service';
    case 'smtp':
      return route.server ? `SMTP ${route.server.host}:${route.server.port}` : 'SMTP';
  }
}
