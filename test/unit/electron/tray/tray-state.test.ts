import { expect, test } from 'vitest';
import { trayState } from '../../../../electron/tray/tray-state.ts';
import type { AgentStatus } from '../../../../shared/model/status.ts';
import { alertOf, routeOf, statusOf } from './statuses.ts';

const down = routeOf({ state: 'down' });
const relay = (state: 'ok' | 'unused' | 'down' | 'paused' | 'not-set-up') =>
  routeOf({ route: 'relay', server: null, state });
const waiting = { waiting: 2, oldestWaitingAt: 0, accepted24h: 0, failed24h: 0 };
const trouble = { name: 'damage', since: 0, text: 'The database was damaged.' };
const OK = 'mail path all right';

interface Row {
  readonly when: string;
  readonly status: Partial<AgentStatus> | null;
  readonly shape: string;
  readonly tooltip: string;
}

const ROWS: readonly Row[] = [
  { when: 'nothing is wrong', status: {}, shape: 'all-right', tooltip: `Tocsin: nothing is wrong, ${OK}` },
  { when: 'no agent answers', status: null, shape: 'mail-path-dead', tooltip: 'Tocsin is not answering' },
  {
    when: 'a warning fires',
    status: { alerts: [alertOf('A', { severity: 'warning' })] },
    shape: 'warning',
    tooltip: `Tocsin: 1 alert, ${OK}`,
  },
  {
    when: 'a critical alert fires beside a warning',
    status: { alerts: [alertOf('A', { severity: 'warning' }), alertOf('B')] },
    shape: 'critical',
    tooltip: `Tocsin: 2 alerts, ${OK}`,
  },
  {
    when: 'an alert only holds, or is switched off',
    status: { alerts: [alertOf('A', { phase: 'pending' }), alertOf('B', { enabled: false })] },
    shape: 'all-right',
    tooltip: `Tocsin: nothing is wrong, ${OK}`,
  },
  {
    when: 'Tocsin itself has a trouble',
    status: { troubles: [trouble] },
    shape: 'warning',
    tooltip: `Tocsin: look at the window, ${OK}`,
  },
  {
    when: 'the only server is down',
    status: { routes: [down] },
    shape: 'mail-path-dead',
    tooltip: 'Tocsin: nothing is wrong, mail does not leave: mail.contoso.example:587 does not answer',
  },
  {
    when: 'the only server refuses the login',
    status: { routes: [routeOf({ state: 'paused' })] },
    shape: 'mail-path-dead',
    tooltip: 'Tocsin: nothing is wrong, mail does not leave: mail.contoso.example:587 refuses the login',
  },
  {
    when: 'a critical alert fires and mail does not leave',
    status: { alerts: [alertOf('A')], routes: [down] },
    shape: 'critical',
    tooltip: 'Tocsin: 1 alert, mail does not leave: mail.contoso.example:587 does not answer',
  },
  {
    when: 'one of two servers is down',
    status: { routes: [down, routeOf()] },
    shape: 'all-right',
    tooltip: 'Tocsin: nothing is wrong, a mail server is down, another is used',
  },
  {
    when: 'the Web Service stands in for a server that is down',
    status: { routes: [down, relay('unused')] },
    shape: 'all-right',
    tooltip: 'Tocsin: nothing is wrong, a mail server is down, another is used',
  },
  {
    when: 'the Web Service is down',
    status: { routes: [routeOf(), relay('down')] },
    shape: 'mail-path-dead',
    tooltip: 'Tocsin: nothing is wrong, mail does not leave: the Web Service does not answer',
  },
  {
    when: 'mail waits for a Web Service that is not set up',
    status: { routes: [routeOf(), relay('not-set-up')], outbox: waiting },
    shape: 'mail-path-dead',
    tooltip: 'Tocsin: nothing is wrong, mail does not leave: it waits for a Web Service that is not set up',
  },
  {
    when: 'it is paused, whatever fires',
    status: { pausedUntil: 'forever', alerts: [alertOf('A')], routes: [down] },
    shape: 'paused',
    tooltip: 'Tocsin: paused, mail does not leave: mail.contoso.example:587 does not answer',
  },
  {
    when: 'mail goes to the practice mailbox',
    status: { routes: [routeOf({ route: 'practice' })] },
    shape: 'all-right',
    tooltip: 'Tocsin: nothing is wrong, practice mailbox: nothing leaves this computer',
  },
];

test.each(ROWS)('$when: $shape', ({ status, shape, tooltip }) => {
  expect(trayState(status === null ? null : statusOf(status))).toEqual({ shape, tooltip });
});

test('a tooltip is never longer than Windows shows', () => {
  const server = { host: `${'very-long-name.'.repeat(15)}example`, port: 587, security: 'tls' } as const;
  const { tooltip } = trayState(statusOf({ routes: [routeOf({ state: 'down', server })] }));
  expect(tooltip).toHaveLength(127);
  expect(tooltip.endsWith('…')).toBe(true);
});
