import type { DeliveryLog } from '../../mail/delivery-log.ts';
import type { ServerHealth } from '../../mail/outlet.ts';
import type { ReportSettings, Settings } from '../../shared/contract/settings.ts';
import { ERRORS } from '../../shared/errors.ts';
import { formatRule } from '../../shared/format.ts';
import type { Reading } from '../../shared/model/sample.ts';
import type {
  AlertStatus,
  AgentStatus,
  ConditionStatus,
  HeldStatus,
  RelayStatus,
  MailboxStatus,
  RouteStatus,
  TroubleStatus,
} from '../../shared/model/status.ts';
import { openWindow } from './schedule/maintenance.ts';
import type { AlertView } from './schedule/monitor.ts';

const DAY_MS = 24 * 3_600_000;

/** What a status is put together from. */
export interface StatusSources {
  readonly version: string;
  readonly dataDir: string;
  readonly hostName: string;
  readonly now: number;
  readonly settings: Settings;
  readonly log: DeliveryLog;
  readonly alerts: readonly AlertView[];
  /** Health of the servers in use, and whether they are the practice mailbox. Empty while no agent runs. */
  readonly servers: readonly ServerHealth[];
  readonly practising: boolean;
  readonly running: {
    readonly pid: number;
    readonly startedAt: number;
    readonly lastCheckAt: number | null;
  } | null;
  readonly pausedUntil: number | 'forever' | null;
  readonly nextReportAt: (report: ReportSettings) => number | null;
  readonly secretsProtection: string;
  readonly troubles: readonly TroubleStatus[];
  readonly relay: RelayStatus | null;
  /** The Web Service as a way out, where anything asks for it. */
  readonly relayRoutes: readonly RouteStatus[];
  readonly mailbox: MailboxStatus | null;
  readonly held: HeldStatus | null;
}

export function agentStatus(sources: StatusSources): AgentStatus {
  const { settings } = sources;
  const counts = sources.log.counts(sources.now - DAY_MS);
  return {
    version: sources.version,
    running: sources.running !== null,
    pid: sources.running?.pid ?? null,
    dataDir: sources.dataDir,
    installation: settings.installation.name ?? sources.hostName,
    organisation: settings.installation.organisation,
    startedAt: sources.running?.startedAt ?? null,
    lastCheckAt: sources.running?.lastCheckAt ?? null,
    intervalSeconds: settings.installation.intervalSeconds,
    pausedUntil: sources.pausedUntil,
    maintenance: openWindow(settings.maintenance, sources.now),
    troubles: sources.troubles,
    alerts: sources.alerts.map(alertStatus),
    routes: [...smtpRoutes(sources), ...sources.relayRoutes],
    relay: sources.relay,
    outbox: {
      waiting: counts.waiting,
      oldestWaitingAt: counts.oldestWaitingAt,
      accepted24h: counts.accepted,
      failed24h: counts.failed,
    },
    held: sources.held,
    mailbox: sources.mailbox,
    reports: settings.reports.map((report) => ({ name: report.name, nextAt: sources.nextReportAt(report) })),
    secretsProtection: sources.secretsProtection,
  };
}

function alertStatus({ alert, state, samples }: AlertView): AlertStatus {
  return {
    name: alert.name,
    enabled: alert.enabled,
    severity: alert.severity,
    phase: state.phase,
    since: state.phase === 'ok' ? null : state.since,
    acknowledgedAt: state.acknowledgedAt,
    snoozedUntil: state.snoozedUntil,
    lastFiredAt: state.lastFiredAt,
    flapping: state.flappingSince !== null,
    conditions: alert.conditions.map((condition, position): ConditionStatus => {
      const sample = samples[position] ?? null;
      const reading: Reading = sample?.reading ?? { value: null, unknown: 'not measured yet' };
      return {
        metric: condition.metric,
        target: condition.target ?? null,
        reading,
        measuredAt: sample?.at ?? null,
        limit: formatRule(condition),
        verdict: reading.value === null ? 'unknown' : (state.conditions[position]?.phase ?? 'clear'),
      };
    }),
  };
}

function smtpRoutes(sources: StatusSources): RouteStatus[] {
  const route = sources.practising ? 'practice' : 'smtp';
  return sources.servers.map(
    ({ server, state, since, code, words, nextProbeAt, lastAcceptedAt, lastDurationMs }) => ({
      route,
      server,
      state,
      since,
      code,
      detail:
        code === null ? null : words === undefined ? ERRORS[code].mend : `${words.sentence} ${words.mend}`,
      nextProbeAt,
      lastAcceptedAt,
      lastDurationMs,
    }),
  );
}

/** How the computer fares, in the few words of a sign of life (B9). */
export function vitalsOf(status: AgentStatus): {
  readonly status: string;
  readonly alertsFiring: number;
  readonly outboxSize: number;
  readonly version: string;
} {
  const alertsFiring = status.alerts.filter(({ phase }) => phase === 'firing').length;
  const state = status.pausedUntil !== null ? 'paused' : alertsFiring > 0 ? 'alerts firing' : 'ok';
  return { status: state, alertsFiring, outboxSize: status.outbox.waiting, version: status.version };
}
