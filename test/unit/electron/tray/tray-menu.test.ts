import { describe, expect, test } from 'vitest';
import {
  minutesUntilTomorrow,
  type TrayCommand,
  type TrayItem,
  trayMenu,
  type TrayMenuInput,
} from '../../../../electron/tray/tray-menu.ts';
import type { AgentStatus } from '../../../../shared/model/status.ts';
import { alertOf, statusOf } from './statuses.ts';

const NOON = new Date(2026, 10, 21, 12, 0).getTime();

function menu(status: Partial<AgentStatus> | null = {}, input: Partial<TrayMenuInput> = {}): TrayItem[] {
  return trayMenu({
    status: status === null ? null : statusOf(status),
    overridesAll: false,
    now: NOON,
    ownsAgent: true,
    startsAtLogin: null,
    ...input,
  });
}

/** The menu as somebody reads it: one line an entry, [x] for a check, (…) for what cannot be chosen. */
function lines(items: readonly TrayItem[], indent = ''): string[] {
  return items.flatMap((item) => {
    switch (item.type) {
      case 'line':
        return [`${indent}---`];
      case 'text':
        return [`${indent}${item.label}`];
      case 'entry':
        return [`${indent}${item.enabled ? item.label : `(${item.label})`}`];
      case 'check': {
        const label = `[${item.checked ? 'x' : ' '}] ${item.label}`;
        return [`${indent}${item.enabled ? label : `(${label})`}`];
      }
      case 'menu':
        return [
          `${indent}${item.enabled ? item.label : `(${item.label})`} >`,
          ...(item.enabled ? lines(item.items, `${indent}  `) : []),
        ];
    }
  });
}

function commandOf(items: readonly TrayItem[], label: string): TrayCommand | undefined {
  for (const item of items) {
    if ((item.type === 'entry' || item.type === 'check') && item.label === label) return item.command;
    const found = item.type === 'menu' ? commandOf(item.items, label) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

test('nothing is wrong', () => {
  expect(lines(menu({ reports: [{ name: 'Morning report', nextAt: null }] }))).toEqual([
    'Nothing is wrong. Mail path all right',
    '---',
    '[x] Monitoring',
    'Pause monitoring >',
    '  For 15 min',
    '  For 1 h',
    '  Until tomorrow',
    '[ ] Send everything through the Web Service',
    'Send status report now >',
    '  Morning report',
    '---',
    'Open Tocsin',
    'Delivery log',
    'E-mail settings',
    '---',
    'About Tocsin',
    'Quit Tocsin: nothing is watched then…',
  ]);
});

test('alerts come first, the worst before the older', () => {
  const alerts = [
    alertOf('Old warning', { severity: 'warning', since: 1 }),
    alertOf('New crisis', { since: 9 }),
    alertOf('Old crisis', { since: 2, acknowledgedAt: 5 }),
  ];
  expect(lines(menu({ alerts })).slice(0, 12)).toEqual([
    '3 alerts. Mail path all right',
    'Critical: Old crisis >',
    '  (Acknowledged)',
    '  Snooze 30 min',
    '  Snooze 2 h',
    '  Snooze until tomorrow',
    'Critical: New crisis >',
    '  Acknowledge',
    '  Snooze 30 min',
    '  Snooze 2 h',
    '  Snooze until tomorrow',
    'Warning: Old warning >',
  ]);
});

test('a hundred alerts make a short menu that counts the rest', () => {
  const alerts = Array.from({ length: 100 }, (_, index) => alertOf(`Alert ${index}`, { since: index }));
  const shown = lines(menu({ alerts })).filter((line) => /^(Critical|\d+ more)/.test(line));
  expect(shown).toHaveLength(9);
  expect(shown.at(-1)).toBe('92 more…');
});

test.each<[string, Partial<AgentStatus> | null, Partial<TrayMenuInput>, string]>([
  ['no agent answers', null, {}, 'Tocsin is not answering'],
  ['paused', { pausedUntil: 'forever' }, {}, '[ ] Monitoring'],
  ['paused', { pausedUntil: 'forever' }, {}, '(Pause monitoring) >'],
  ['not enrolled', {}, { overridesAll: null }, '([ ] Send everything through the Web Service)'],
  ['all is overridden', {}, { overridesAll: true }, '[x] Send everything through the Web Service'],
  ['no reports', {}, {}, '(Send status report now) >'],
  ['a service watches', {}, { ownsAgent: false }, 'Quit: the service goes on watching'],
])('%s: %#', (_when, status, input, line) => {
  expect(lines(menu(status, input))).toContain(line);
});

describe('what an entry asks for', () => {
  test.each<[string, Partial<AgentStatus>, Partial<TrayMenuInput>, TrayCommand]>([
    ['Open Tocsin', {}, {}, { do: 'show', page: 'overview' }],
    ['Monitoring', {}, {}, { do: 'pause', minutes: null }],
    ['Monitoring', { pausedUntil: 1 }, {}, { do: 'resume' }],
    ['For 1 h', {}, {}, { do: 'pause', minutes: 60 }],
    ['Until tomorrow', {}, {}, { do: 'pause', minutes: 20 * 60 }],
    ['Acknowledge', { alerts: [alertOf('A')] }, {}, { do: 'acknowledge', alert: 'A' }],
    ['Snooze 2 h', { alerts: [alertOf('A')] }, {}, { do: 'snooze', alert: 'A', minutes: 120 }],
    ['Send everything through the Web Service', {}, {}, { do: 'override-all', on: true }],
    [
      'Send everything through the Web Service',
      {},
      { overridesAll: true },
      { do: 'override-all', on: false },
    ],
    ['R', { reports: [{ name: 'R', nextAt: null }] }, {}, { do: 'send-report', name: 'R' }],
  ])('%s', (label, status, input, command) => {
    expect(commandOf(menu(status, input), label)).toEqual(command);
  });
});

test.each([
  ['in the evening', new Date(2026, 10, 21, 20, 0), 12 * 60],
  ['after midnight', new Date(2026, 10, 22, 1, 0), 31 * 60],
  ['at the end of a month', new Date(2026, 10, 30, 8, 0), 24 * 60],
])('until tomorrow, asked %s, ends at eight the next day', (_when, now, minutes) => {
  expect(minutesUntilTomorrow(now.getTime())).toBe(minutes);
});

test.each([
  [true, '[x] Start at login', false],
  [false, '[ ] Start at login', true],
])('start at login (%s) is a choice of an installed app', (startsAtLogin, line, on) => {
  const items = menu({}, { startsAtLogin });
  expect(lines(items)).toContain(line);
  expect(commandOf(items, 'Start at login')).toEqual({ do: 'start-at-login', on });
});
