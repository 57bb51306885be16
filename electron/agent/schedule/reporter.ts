import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { ReportSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { RouteStatus } from '../../../shared/model/status.ts';
import { createCollector } from '../collect/collector.ts';
import { reportReadings } from '../collect/report-readings.ts';
import type { Reading } from '../../../shared/model/sample.ts';
import type { Inventory, Platform } from '../collect/source.ts';
import type { ChartData, ComposeContext, Composer } from '../compose/compose.ts';
import { reportData } from '../compose/report-data.ts';
import type { AlertView } from './monitor.ts';

export interface ReporterOptions {
  readonly clock: Clock;
  /** A platform of the report's own, so that its measuring does not cut the watch's rates short. */
  readonly platform: () => Platform;
  readonly alerts: () => AlertView[];
  readonly log: DeliveryLog;
  /** What is drawn of the past. */
  readonly charts: (
    inventory: Inventory,
    readings: ReadonlyMap<string, Reading>,
    takenAt: number,
  ) => readonly ChartData[];
  /** Told why there are no charts: a report without them is better than none. */
  readonly onFault: (error: unknown) => void;
  readonly routes: () => readonly RouteStatus[];
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly onQueued: () => void;
}

/** Takes status reports: measures everything, writes the mail, puts it into the outbox. */
export interface Reporter {
  /** Returns the ids of the messages. `writeDown` runs in the transaction that queues them. */
  send(report: ReportSettings, dueAt: number | null, writeDown?: () => void): Promise<string[]>;
  /** The messages of a report taken now, which are not sent. None where it has no recipients. */
  compose(report: ReportSettings, dueAt: number | null): Promise<Message[]>;
}

export function createReporter(options: ReporterOptions): Reporter {
  const { clock, store, outbox } = options;

  const charts: ReporterOptions['charts'] = (inventory, readings, takenAt) => {
    try {
      return options.charts(inventory, readings, takenAt);
    } catch (error) {
      options.onFault(error);
      return [];
    }
  };

  const compose: Reporter['compose'] = async (report, dueAt) => {
    const platform = options.platform();
    const collector = createCollector({ platform, clock });
    try {
      const inventory = await platform.inventory();
      const readings = await reportReadings(inventory, collector, clock);
      const takenAt = clock.now();
      const data = reportData({
        report,
        takenAt,
        dueAt,
        inventory,
        readings,
        history: charts(inventory, readings, takenAt),
        alerts: options.alerts(),
        log: options.log,
        routes: options.routes(),
      });
      const composer = await options.composer();
      return composer.report(data, options.composeContext());
    } finally {
      collector.close();
    }
  };

  return {
    compose,
    async send(report, dueAt, writeDown) {
      const messages = await compose(report, dueAt);
      store.transaction(() => {
        outbox.accept(messages, clock.now());
        writeDown?.();
      });
      options.onQueued();
      return messages.map((message) => message.id);
    },
  };
}
