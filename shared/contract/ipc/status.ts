import { z } from 'zod';
import type { ServerName } from '../../model/delivery.ts';
import type {
  RelayStatus,
  AgentStatus,
  AlertCheck,
  AlertStatus,
  CheckReport,
  ConditionStatus,
  MailboxStatus,
  OutboxStatus,
  ProofOfArrival,
  RouteStatus,
  TroubleStatus,
} from '../../model/status.ts';
import { errorCodeOrNull, metric, reading, severity, textOrNull, time, timeOrNull } from './common.ts';
import { schemaFor } from './schema-for.ts';

/** Schemas of `shared/model/status.ts`. */

export const serverName = schemaFor<ServerName>()(
  z.object({ host: z.string(), port: z.number(), security: z.enum(['none', 'starttls', 'tls']) }),
);

export const conditionStatus = schemaFor<ConditionStatus>()(
  z.object({
    metric,
    target: textOrNull,
    reading,
    measuredAt: timeOrNull,
    limit: z.string(),
    verdict: z.enum(['clear', 'met', 'holding', 'unknown']),
  }),
);

const alertStatus = schemaFor<AlertStatus>()(
  z.object({
    name: z.string(),
    enabled: z.boolean(),
    severity,
    phase: z.enum(['ok', 'pending', 'firing']),
    since: timeOrNull,
    acknowledgedAt: timeOrNull,
    snoozedUntil: timeOrNull,
    lastFiredAt: timeOrNull,
    flapping: z.boolean(),
    conditions: z.array(conditionStatus),
  }),
);

const routeStatus = schemaFor<RouteStatus>()(
  z.object({
    route: z.enum(['smtp', 'practice', 'relay']),
    server: serverName.nullable(),
    state: z.enum(['unused', 'ok', 'down', 'paused', 'not-set-up']),
    since: timeOrNull,
    code: errorCodeOrNull,
    detail: textOrNull,
    nextProbeAt: timeOrNull,
    lastAcceptedAt: timeOrNull,
    lastDurationMs: z.number().nullable(),
  }),
);

const outboxStatus = schemaFor<OutboxStatus>()(
  z.object({
    waiting: z.number(),
    oldestWaitingAt: timeOrNull,
    accepted24h: z.number(),
    failed24h: z.number(),
  }),
);

const troubleStatus = schemaFor<TroubleStatus>()(
  z.object({ name: z.string(), since: time, text: z.string() }),
);

export const subscription = z.object({
  state: z.enum(['valid', 'ends-soon', 'expired', 'unknown']),
  expiresAt: timeOrNull,
});

const relayStatus = schemaFor<RelayStatus>()(
  z.object({
    enrolled: z.boolean(),
    url: textOrNull,
    from: textOrNull,
    subscription,
    clockOffsetMs: z.number().nullable(),
  }),
);

const proofOfArrival = schemaFor<ProofOfArrival>()(
  z.object({ state: z.enum(['on-its-way', 'arrived', 'lost']), sentAt: time, arrivedAt: timeOrNull }),
);

const mailboxStatus = schemaFor<MailboxStatus>()(
  z.object({
    server: serverName,
    user: z.string(),
    state: z.enum(['unused', 'ok', 'failed']),
    checkedAt: timeOrNull,
    code: errorCodeOrNull,
    detail: textOrNull,
    proof: proofOfArrival.nullable(),
  }),
);

export const agentStatus = schemaFor<AgentStatus>()(
  z.object({
    version: z.string(),
    running: z.boolean(),
    pid: z.number().nullable(),
    dataDir: z.string(),
    installation: z.string(),
    organisation: textOrNull,
    startedAt: timeOrNull,
    lastCheckAt: timeOrNull,
    intervalSeconds: z.number(),
    pausedUntil: z.union([time, z.literal('forever')]).nullable(),
    maintenance: z.object({ name: z.string(), until: time }).nullable(),
    troubles: z.array(troubleStatus),
    alerts: z.array(alertStatus),
    routes: z.array(routeStatus),
    relay: relayStatus.nullable(),
    outbox: outboxStatus,
    held: z.object({ alerts: z.number(), nextAt: timeOrNull }).nullable(),
    mailbox: mailboxStatus.nullable(),
    reports: z.array(z.object({ name: z.string(), nextAt: timeOrNull })),
    secretsProtection: z.string(),
  }),
);

/** What an alert would do by a single look at the computer. */
export const alertVerdict = z.enum(['fires', 'pending', 'ok', 'unknown']);

const alertCheck = schemaFor<AlertCheck>()(
  z.object({
    name: z.string(),
    enabled: z.boolean(),
    severity,
    verdict: alertVerdict,
    conditions: z.array(conditionStatus),
  }),
);

export const checkReport = schemaFor<CheckReport>()(
  z.object({ checkedAt: time, alerts: z.array(alertCheck) }),
);
