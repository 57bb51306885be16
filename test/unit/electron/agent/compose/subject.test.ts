import { describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { sampleNotice } from './notice-samples.ts';
import { sampleQuietReport, sampleReport, sampleWatched } from './report-samples.ts';
import {
  sampleAlert,
  sampleCondition,
  sampleContext,
  sampleProperties,
  sampleReminder,
  sampleResolved,
  sampleView,
} from './samples.ts';

const composer = createComposer();
const context = sampleContext();
const own = sampleProperties({ subject: 'Ring the boss' });
const marked = sampleProperties({ subject: '[CRITICAL] front-desk: disk' });
const quietDelivery = sampleQuietReport().delivery;
const tests = [
  [
    'an alert bears its severity',
    sampleAlert(),
    '[CRITICAL] front-desk: Disk nearly full, Disk / used above 90 %',
  ],
  [
    'a state is named as it is',
    sampleAlert({
      name: 'Printing',
      severity: 'warning',
      conditions: [
        sampleView({
          settings: sampleCondition({
            metric: 'service.state',
            target: 'spooler',
            is: 'stopped',
            above: undefined,
          }),
        }),
      ],
    }),
    '[WARNING] front-desk: Printing, Service spooler stopped',
  ],
  [
    'information too',
    sampleAlert({ severity: 'info', conditions: [] }),
    '[INFO] front-desk: Disk nearly full',
  ],
  ['a reminder', sampleReminder(), '[REMINDER] front-desk: Disk nearly full, Disk / used above 90 %'],
  ['a resolved alert', sampleResolved(), '[RESOLVED] front-desk: Disk nearly full, Disk / used above 90 %'],
  ['a subject of one’s own replaces all of it', sampleAlert({ emailProperties: own }), 'Ring the boss'],
  ['but a reminder keeps its mark', sampleReminder({ emailProperties: own }), '[REMINDER] Ring the boss'],
  ['and so does the end', sampleResolved({ emailProperties: own }), '[RESOLVED] Ring the boss'],
  [
    'a severity written into one’s own subject gives way to that mark',
    sampleResolved({ emailProperties: marked }),
    '[RESOLVED] front-desk: disk',
  ],
  [
    'a subject of blanks is none',
    sampleResolved({ emailProperties: sampleProperties({ subject: ' \u202e ' }) }),
    '[RESOLVED] front-desk: Disk nearly full, Disk / used above 90 %',
  ],
  [
    'a line break adds no header',
    sampleAlert({ emailProperties: sampleProperties({ subject: 'Disk\r\nBcc: evil@example.com' }) }),
    'Disk Bcc: evil@example.com',
  ],
] as const;

describe('subjects of alerts', () => {
  test.each(tests)('%s', (_rule, notice, subject) => {
    expect(composer.alert(notice, context)[0]?.subject).toBe(subject);
  });

  test('at most 200 characters, and the cut is seen', () => {
    const long = sampleAlert({ name: '𝄞'.repeat(150) });
    const subject = composer.alert(long, context)[0]?.subject ?? '';
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(subject).toMatch(/𝄞…$/u);
    expect(subject.isWellFormed()).toBe(true);
  });
});

describe('subjects of reports', () => {
  const unknown = sampleWatched({ reading: { value: null, unknown: 'it is not there' } });
  const firing = sampleReport().firing;
  test.each([
    ['nothing is wrong', sampleQuietReport(), 'Status report: front-desk, all right'],
    ['one alert fires', sampleReport(), 'Status report: front-desk, 1 alert firing'],
    [
      'two alerts fire',
      sampleReport({ firing: [...firing, ...firing] }),
      'Status report: front-desk, 2 alerts firing',
    ],
    [
      'something is unknown',
      sampleQuietReport({ watched: [unknown] }),
      'Status report: front-desk, 1 item unknown',
    ],
    [
      'what is disabled may be unknown',
      sampleQuietReport({ watched: [sampleWatched(), { ...unknown, alertPhase: 'disabled' as const }] }),
      'Status report: front-desk, all right',
    ],
    [
      'nothing is watched, so nothing can be called all right',
      sampleQuietReport({ watched: [] }),
      'Status report: front-desk, nothing watched',
    ],
    [
      'mail failed',
      sampleQuietReport({ delivery: { ...quietDelivery, failed: 3 } }),
      'Status report: front-desk, 3 mails failed',
    ],
    [
      'a route is down, which is worse',
      sampleQuietReport({
        delivery: {
          ...quietDelivery,
          failed: 3,
          routes: [{ text: 'SMTP', state: 'down' as const, detail: null }],
        },
      }),
      'Status report: front-desk, mail path down',
    ],
    ['a subject of one’s own', sampleReport({ emailProperties: own }), 'Ring the boss'],
  ])('%s', (_rule, data, subject) => {
    expect(composer.report(data, context)[0]?.subject).toBe(subject);
  });
});

test('subjects of notices and tests name the installation', () => {
  expect(composer.notice(sampleNotice(), context)[0]?.subject).toBe(
    '[WARNING] front-desk: Mail server does not answer',
  );
  expect(composer.test('it@contoso.example', context).subject).toBe('Test message from front-desk');
});
