import type { ReportSettings } from '../../../shared/contract/settings.ts';
import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';
import type { StateStore } from '../record/state-store.ts';
import { nextRunAt } from '../settings/cron.ts';

export interface ReportScheduleOptions {
  readonly reports: () => readonly ReportSettings[];
  readonly states: StateStore;
  readonly clock: Clock;
  /**
   * Takes, queues and writes down the report, with `nextDueAt` in the same transaction, so that a crash sends it neither
   * twice nor never.
   */
  readonly send: (report: ReportSettings, dueAt: number, writeDown: () => void) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Sends each report when its cron expression says. One that fell due while the computer was off is sent at start. */
export interface ReportSchedule {
  /** The settings were replaced, or the computer woke up: look at the clock again. */
  refresh(): void;
  nextAt(report: ReportSettings): number | null;
  stop(): Promise<void>;
}

/** Looks at the clock at least so often: it may be set, and computers sleep. */
const LONGEST_SLEEP_MS = 30_000;
/** A report that is older than this when it is noticed is not worth sending any more; the next one is. */
const STALE_MS = 24 * 3_600_000;

interface Scheduled {
  readonly report: ReportSettings;
  readonly cron: string;
}

export function startReportSchedule(options: ReportScheduleOptions): ReportSchedule {
  const { clock, states } = options;
  let stopped = false;
  let cancel: CancelTimer = () => {};
  let running: Promise<void> = Promise.resolve();

  const scheduled = (): Scheduled[] =>
    options
      .reports()
      .flatMap((report) => (report.enabled && report.cron !== null ? [{ report, cron: report.cron }] : []));

  /** When it falls due; written down the first time, so that a restart just after the minute does not skip it. */
  const dueAt = (name: string, cron: string): number | null => {
    const known = states.reportDueAt(name, cron);
    const next = nextRunAt(cron, clock.now());
    // A due time further away than the next one means that the clock was set back.
    if (known !== null && (next === null || known <= next)) return known;
    if (next !== null) states.saveReportDueAt(name, cron, next);
    return next;
  };

  const sendIfDue = async ({ report, cron }: Scheduled) => {
    const due = dueAt(report.name, cron);
    const now = clock.now();
    if (due === null || due > now || stopped) return;
    const next = nextRunAt(cron, now);
    const writeDown = () => states.saveReportDueAt(report.name, cron, next ?? Number.MAX_SAFE_INTEGER);
    if (now - due > STALE_MS) writeDown();
    else await options.send(report, due, writeDown);
  };

  /** One that cannot be sent stays due, and holds no other up. */
  const sendDue = async () => {
    for (const entry of scheduled()) await sendIfDue(entry).catch(options.onFault);
  };

  const waitMs = () => {
    const now = clock.now();
    const times = scheduled().map(({ report, cron }) => dueAt(report.name, cron));
    // What is due still could not be sent just now: that is tried again, but not without a pause.
    const ahead = times.filter((at) => at !== null && at > now).map((at) => Number(at) - now);
    return Math.max(Math.min(...ahead, LONGEST_SLEEP_MS), 50);
  };

  const rest = () => {
    cancel();
    if (stopped) return;
    let delayMs = LONGEST_SLEEP_MS;
    try {
      delayMs = waitMs();
    } catch (error) {
      options.onFault(error);
    }
    cancel = clock.after(delayMs, tick);
  };

  const tick = () => {
    cancel();
    if (stopped) return;
    running = running.then(sendDue).catch(options.onFault).then(rest);
  };
  tick();

  return {
    refresh: tick,
    nextAt: (report) => (report.enabled && report.cron !== null ? dueAt(report.name, report.cron) : null),
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
