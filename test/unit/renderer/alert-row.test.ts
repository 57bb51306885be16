import { describe, expect, test } from 'vitest';
import { alertRows, copyName, matchesSearch } from '../../../renderer/model/alert-row.ts';
import { minutesUntilTomorrow } from '../../../renderer/model/tomorrow.ts';
import { settingsSchema } from '../../../shared/contract/settings.ts';
import type { AlertStatus } from '../../../shared/model/status.ts';

const NOW = 1_000_000;
const [alert] = settingsSchema.parse({
  version: 1,
  alerts: [
    {
      name: 'Disk nearly full',
      severity: 'critical',
      conditions: [
        { metric: 'disk.usedPercent', target: '/', above: 90 },
        { metric: 'disk.usedPercent', target: '/var', above: 90 },
      ],
      recipients: ['it@contoso.example'],
    },
  ],
}).alerts;
if (alert === undefined) throw new Error('no alert');

const status: AlertStatus = {
  name: alert.name,
  enabled: true,
  severity: 'critical',
  phase: 'ok',
  since: null,
  acknowledgedAt: null,
  snoozedUntil: null,
  lastFiredAt: null,
  flapping: false,
  conditions: ['/', '/var'].map((target) => ({
    metric: 'disk.usedPercent',
    target,
    reading: { value: target === '/' ? 10 : 95 },
    measuredAt: NOW,
    limit: 'above 90 %',
    verdict: target === '/' ? 'clear' : 'holding',
  })),
};
const rowOf = (given: Partial<AlertStatus> | null, enabled = true) => {
  const statuses = given === null ? [] : [{ ...status, ...given }];
  const [row] = alertRows([{ ...alert, enabled }], statuses, NOW);
  if (row === undefined) throw new Error('no row');
  return row;
};

describe('a row of the list of alerts', () => {
  test.each<[what: string, given: Partial<AlertStatus> | null, state: string, word: string]>([
    ['is all right', {}, 'ok', 'All right'],
    ['fires', { phase: 'firing' }, 'critical', 'Fires'],
    ['is acknowledged', { phase: 'firing', acknowledgedAt: 1 }, 'critical', 'Acknowledged'],
    ['fires and is snoozed', { phase: 'firing', snoozedUntil: NOW + 1 }, 'critical', 'Fires, snoozed'],
    ['was snoozed until now', { phase: 'firing', snoozedUntil: NOW }, 'critical', 'Fires'],
    ['comes and goes', { flapping: true }, 'warning', 'Flapping'],
    ['is about to fire', { phase: 'pending' }, 'warning', 'Not firing yet'],
    ['is not known to the agent yet', null, 'unknown', 'Not checked yet'],
  ])('%s', (_, given, state, word) => {
    expect([rowOf(given).state, rowOf(given).word]).toEqual([state, word]);
  });

  test('one that is off says so, and shows no value', () => {
    const row = rowOf({ phase: 'firing' }, false);
    expect([row.state, row.word, row.value]).toEqual(['paused', 'Off', '']);
  });

  test('shows first what holds, with its value, and all of it in its details', () => {
    const row = rowOf({ phase: 'firing' });
    expect([row.watches, row.value]).toEqual(['Disk /var used and 1 more', '95 %']);
    expect(row.details.split('\n')).toEqual([
      'Disk / used: 10 %; alert when above 90 %',
      'Disk /var used: 95 %; alert when above 90 %',
    ]);
  });

  test.each([
    ['a word of its name', 'DISK', true],
    ['words of different places', 'full contoso', true],
    ['what it watches', '/var', true],
    ['a word that stands nowhere', 'full elephant', false],
  ])('is found by %s', (_, search, isFound) => {
    expect(matchesSearch(rowOf({}), search)).toBe(isFound);
  });
});

describe('the name of a copy', () => {
  test('is one that nothing has yet, and not too long', () => {
    expect(copyName('Disk', [])).toBe('Disk, copy');
    expect(copyName('Disk', ['disk, COPY'])).toBe('Disk, copy 2');
    expect(copyName('a'.repeat(100), []).length).toBeLessThanOrEqual(100);
  });
});

test('“until tomorrow” is 08:00 of the next day, whatever the hour', () => {
  const at = (hour: number) => new Date(2026, 5, 1, hour, 30).getTime();
  expect(minutesUntilTomorrow(at(0))).toBe(31.5 * 60);
  expect(minutesUntilTomorrow(at(23))).toBe(8.5 * 60);
});
