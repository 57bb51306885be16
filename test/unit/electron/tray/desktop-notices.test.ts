import { expect, test } from 'vitest';
import { desktopNotices } from '../../../../electron/tray/desktop-notices.ts';
import type { AgentStatus } from '../../../../shared/model/status.ts';
import { alertOf, routeOf, statusOf } from './statuses.ts';

const firing = { alerts: [alertOf('Disk')] };
const over = { alerts: [alertOf('Disk', { phase: 'ok', since: null })] };
const dead = { routes: [routeOf({ state: 'down' })] };
const many = { alerts: ['A', 'B', 'C', 'D', 'E'].map((name) => alertOf(name)) };

test.each<[string, Partial<AgentStatus> | null, Partial<AgentStatus>, string[]]>([
  ['the first look', null, firing, []],
  ['nothing changed', firing, firing, []],
  ['it fires', over, firing, ['Disk: Critical on front-desk']],
  ['it is over', firing, over, ['Disk: Resolved on front-desk']],
  ['it was deleted', firing, {}, []],
  ['it was switched off', firing, { alerts: [alertOf('Disk', { enabled: false })] }, []],
  ['it fires in a maintenance window', over, { ...firing, maintenance: { name: 'M', until: 9 } }, []],
  ['it fires while paused', over, { ...firing, pausedUntil: 'forever' }, []],
  ['it fires while snoozed', over, { alerts: [alertOf('Disk', { snoozedUntil: 9 })] }, []],
  ['five fire at once', {}, many, ['5 alerts changed: A, B, C and 2 more']],
  [
    'mail no longer leaves',
    {},
    dead,
    [
      'Mail does not leave this computer: mail.contoso.example:587 does not answer. What is to be sent is kept, and leaves as soon as it can.',
    ],
  ],
  ['mail leaves again', dead, {}, ['Mail leaves again: Mail path all right']],
  ['mail still does not leave', dead, dead, []],
])('%s', (_when, before, after, expected) => {
  const notices = desktopNotices(before === null ? null : statusOf(before), statusOf(after));
  expect(notices.map(({ title, body }) => `${title}: ${body}`)).toEqual(expected);
});
