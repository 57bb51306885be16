import type { AgentStatus, AlertStatus, ConditionStatus, RouteStatus } from '../../../shared/model/status.ts';

/** Mon 5 Jan 2026, 08:00 UTC. */
export const NOW = Date.UTC(2026, 0, 5, 8);

export function conditionStatus(fields: Partial<ConditionStatus> = {}): ConditionStatus {
  return {
    metric: 'disk.usedPercent',
    target: '/',
    reading: { value: 61 },
    measuredAt: NOW,
    limit: 'above 90 %',
    verdict: 'clear',
    ...fields,
  };
}

export function alertStatus(fields: Partial<AlertStatus> = {}): AlertStatus {
  return {
    name: 'Disk nearly full',
    enabled: true,
    severity: 'warning',
    phase: 'ok',
    since: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    lastFiredAt: null,
    flapping: false,
    conditions: [conditionStatus()],
    ...fields,
  };
}

export function routeStatus(fields: Partial<RouteStatus> = {}): RouteStatus {
  return {
    route: 'smtp',
    server: { host: 'mail.contoso.example', port: 587, security: 'starttls' },
    state: 'ok',
    since: null,
    code: null,
    detail: null,
    nextProbeAt: null,
    lastAcceptedAt: NOW,
    lastDurationMs: 212,
    ...fields,
  };
}

/** An agent with which nothing is wrong, save what is given. */
export function agentStatus(fields: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '0.1.0',
    running: true,
    pid: 1,
    dataDir: '/var/lib/tocsin',
    installation: 'front-desk',
    organisation: null,
    startedAt: NOW - 3_600_000,
    lastCheckAt: NOW - 1000,
    intervalSeconds: 10,
    pausedUntil: null,
    maintenance: null,
    troubles: [],
    alerts: [alertStatus()],
    routes: [routeStatus()],
    outbox: { waiting: 0, oldestWaitingAt: null, accepted24h: 5, failed24h: 0 },
    held: null,
    mailbox: null,
    reports: [],
    secretsProtection: 'key file',
    relay: null,
    ...fields,
  };
}
