import { describe, expect, test } from 'vitest';
import { overallState } from '../../../renderer/model/overall-state.ts';
import type { AgentStatus, AlertStatus, RouteStatus } from '../../../shared/model/status.ts';
import { agentStatus, alertStatus, conditionStatus, NOW, routeStatus } from './status-samples.ts';

const firing = (fields: Partial<AlertStatus> = {}): AlertStatus =>
  alertStatus({ phase: 'firing', since: NOW - 60_000, ...fields });
const down = (fields: Partial<RouteStatus> = {}): RouteStatus => routeStatus({ state: 'down', ...fields });
const blind = conditionStatus({ verdict: 'unknown', reading: { value: null, unknown: 'no such disk' } });

interface Row {
  readonly rule: string;
  readonly status: Partial<AgentStatus>;
  readonly state: string;
  readonly word: string;
}

const ROWS: readonly Row[] = [
  { rule: 'nothing wrong', status: {}, state: 'ok', word: 'All right' },
  {
    rule: 'a critical alert is critical',
    status: { alerts: [firing({ severity: 'critical' })] },
    state: 'critical',
    word: '1 alert',
  },
  {
    rule: 'a warning is a warning',
    status: { alerts: [firing(), firing({ name: 'b' })] },
    state: 'warning',
    word: '2 alerts',
  },
  {
    rule: 'an acknowledged critical alert still counts, less loudly',
    status: { alerts: [firing({ severity: 'critical', acknowledgedAt: NOW })] },
    state: 'warning',
    word: '1 alert',
  },
  {
    rule: 'an alert that is switched off does not count',
    status: { alerts: [firing({ enabled: false })] },
    state: 'ok',
    word: 'All right',
  },
  {
    rule: 'an alert that only waits for its hold time does not count',
    status: { alerts: [alertStatus({ phase: 'pending' })] },
    state: 'ok',
    word: 'All right',
  },
  {
    rule: 'nobody would hear: no server takes mail',
    status: { routes: [down()] },
    state: 'critical',
    word: 'Mail path down',
  },
  {
    rule: 'a server that refuses the login is as dead',
    status: { routes: [routeStatus({ state: 'paused' })] },
    state: 'critical',
    word: 'Mail path down',
  },
  {
    rule: 'one of two servers is down: mail still leaves',
    status: { routes: [down(), routeStatus()] },
    state: 'warning',
    word: 'A server is down',
  },
  {
    rule: 'nobody would hear: no server is set',
    status: { routes: [routeStatus({ route: 'practice', server: null })] },
    state: 'warning',
    word: 'No mail server',
  },
  {
    rule: 'mail that failed is said',
    status: { outbox: { waiting: 0, oldestWaitingAt: null, accepted24h: 5, failed24h: 1 } },
    state: 'warning',
    word: 'Mail failed',
  },
  {
    rule: 'checks that do not come round are worse than a warning',
    status: { lastCheckAt: NOW - 3_600_000, alerts: [firing()] },
    state: 'critical',
    word: 'Checks fail',
  },
  {
    rule: 'what cannot be measured is not all right',
    status: { alerts: [alertStatus({ conditions: [blind] })] },
    state: 'unknown',
    word: 'Not all measured',
  },
  {
    rule: 'where an alert fires, what it cannot measure beside is no news',
    status: { alerts: [firing({ conditions: [conditionStatus({ verdict: 'holding' }), blind] })] },
    state: 'warning',
    word: '1 alert',
  },
  { rule: 'paused', status: { pausedUntil: 'forever' }, state: 'paused', word: 'Paused' },
  {
    rule: 'maintenance',
    status: { maintenance: { name: 'Patching', until: NOW } },
    state: 'paused',
    word: 'Maintenance',
  },
  {
    rule: 'a trouble of its own',
    status: { troubles: [{ name: 'disk', since: NOW, text: 'The disk is full.' }] },
    state: 'warning',
    word: 'Trouble',
  },
  { rule: 'not running', status: { running: false }, state: 'critical', word: 'Not running' },
];

describe('overallState', () => {
  test.each(ROWS)('$rule: $word', ({ status, state, word }) => {
    expect(overallState(agentStatus(status), true, NOW)).toMatchObject({ state, word });
  });

  test('everything that wants attention is said, the worst first', () => {
    const status = agentStatus({ alerts: [firing()], routes: [down()], pausedUntil: 'forever' });
    const { word, findings } = overallState(status, true, NOW);
    expect(word).toBe('Mail path down');
    expect(findings).toHaveLength(3);
    expect(findings[1]?.sentence).toContain('fires');
  });

  test('a page that has lost the agent never says that all is right', () => {
    expect(overallState(agentStatus({}), false, NOW).word).toBe('Not answering');
    expect(overallState(null, true, NOW).state).toBe('unknown');
  });
});
