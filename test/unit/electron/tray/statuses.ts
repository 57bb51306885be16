import type { AgentStatus, AlertStatus, RouteStatus } from '../../../../shared/model/status.ts';

/** Statuses as an agent gives them, all right until a row says otherwise. */
export function statusOf(changes: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '0.1.0',
    running: true,
    pid: 1,
    dataDir: '/var/lib/tocsin',
    installation: 'front-desk',
    organisation: null,
    startedAt: 0,
    lastCheckAt: 0,
    intervalSeconds: 10,
    pausedUntil: null,
    maintenance: null,
    troubles: [],
    alerts: [],
    routes: [routeOf()],
    outbox: { waiting: 0, oldestWaitingAt: null, accepted24h: 0, failed24h: 0 },
    held: null,
    mailbox: null,
    reports: [],
    secretsProtection: '',
    relay: null,
    ...changes,
  };
}

export function alertOf(name: string, changes: Partial<AlertStatus> = {}): AlertStatus {
  return {
    name,
    enabled: true,
    severity: 'critical',
    phase: 'firing',
    since: 1000,
    acknowledgedAt: null,
    snoozedUntil: null,
    lastFiredAt: null,
    flapping: false,
    conditions: [],
    ...changes,
  };
}

export function routeOf(changes: Partial<RouteStatus> = {}): RouteStatus {
  return {
    route: 'smtp',
    server: { host: 'mail.contoso.example', port: 587, security: 'starttls' },
    state: 'ok',
    since: null,
    code: null,
    detail: null,
    nextProbeAt: null,
    lastAcceptedAt: null,
    lastDurationMs: null,
    ...changes,
  };
}
