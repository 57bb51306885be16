import { describe, expect, test } from 'vitest';
import type { Message } from '../../../../../shared/model/message.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { oneSpaced } from './read-html.ts';
import { sampleFileAlert, sampleNotice } from './notice-samples.ts';
import { sampleReport } from './report-samples.ts';
import {
  HOUR,
  NOW,
  sampleAlert,
  sampleContext,
  sampleProperties,
  sampleReminder,
  sampleResolved,
} from './samples.ts';

const composer = createComposer();
const override = sampleProperties({ smtpOverride: true, format: 'text' });
const sms = ['5551234567@sms.example'];

describe('format and route', () => {
  test.each([
    ['as the installation: HTML', 'html', sampleProperties(), true, 'smtp'],
    ['as the installation: text', 'text', sampleProperties(), false, 'smtp'],
    ['the alert’s own format wins: HTML', 'text', sampleProperties({ format: 'html' }), true, 'smtp'],
    ['the alert’s own format wins: text', 'html', sampleProperties({ format: 'text' }), false, 'smtp'],
    ['by the Web Service it is always HTML (W5)', 'text', override, true, 'relay'],
  ] as const)('%s', (_rule, alertFormat, emailProperties, html, route) => {
    const context = sampleContext({ alertFormat });
    const mails = [
      ...composer.alert(sampleAlert({ emailProperties }), context),
      ...composer.report(sampleReport({ emailProperties }), context),
    ];
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail.html !== null).toBe(html);
      expect(mail.route).toBe(route);
      expect(mail.text).not.toBe('');
    }
  });

  test('the route stands in the small print', () => {
    const [own] = composer.alert(sampleAlert(), sampleContext());
    const [relayed] = composer.alert(sampleAlert({ emailProperties: override }), sampleContext());
    expect(own?.text).toContain('Route         SMTP mail.contoso.example:587');
    expect(relayed?.text).toContain('Route         Tocsin Web Service (SMTP override)');
    expect(relayed?.text).not.toContain('mail.contoso.example:587');
  });

  test('where the Web Service may stand in, the small print does not claim that a mail left by SMTP', () => {
    const context = sampleContext({ serviceStandsIn: true });
    const [own] = composer.alert(sampleAlert(), context);
    const [relayed] = composer.alert(sampleAlert({ emailProperties: override }), context);
    const others = [
      ...composer.fileAlert(sampleFileAlert(), context),
      composer.test('it@contoso.example', context),
    ];
    expect(oneSpaced(own?.text ?? '')).toContain(
      'Route SMTP mail.contoso.example:587, or the Tocsin Web Service where that fails',
    );
    expect(oneSpaced(relayed?.text ?? '')).toContain('Route Tocsin Web Service (SMTP override) ');
    for (const { text } of others) expect(text).not.toContain('Web Service');
  });

  test('notices and tests go by SMTP in the installation’s format', () => {
    const context = sampleContext({ alertFormat: 'text' });
    const mails = [...composer.notice(sampleNotice(), context), composer.test('it@contoso.example', context)];
    expect(mails.map(({ route, html }) => ({ route, html }))).toEqual([
      { route: 'smtp', html: null },
      { route: 'smtp', html: null },
    ]);
  });
});

describe('envelope', () => {
  test('an alert with mail and text message recipients is two messages, the mail first', () => {
    const messages = composer.alert(sampleAlert({ sms, emailProperties: override }), sampleContext());
    expect(messages.map(({ channel, route, recipients }) => ({ channel, route, recipients }))).toEqual([
      { channel: 'email', route: 'relay', recipients: ['it@contoso.example'] },
      { channel: 'sms', route: 'relay', recipients: sms },
    ]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(2);
  });

  test.each<[rule: string, messages: readonly Message[], channels: readonly string[]]>([
    ['text messages only', composer.alert(sampleAlert({ recipients: [], sms }), sampleContext()), ['sms']],
    ['nobody to be told of an alert', composer.alert(sampleAlert({ recipients: [] }), sampleContext()), []],
    ['nor of a report', composer.report(sampleReport({ recipients: [] }), sampleContext()), []],
    ['nor of a notice', composer.notice(sampleNotice({ recipients: [] }), sampleContext()), []],
  ])('%s', (_rule, messages, channels) => {
    expect(messages.map(({ channel }) => channel)).toEqual(channels);
  });

  test('each recipient stands once, in the order given', () => {
    const recipients = ['b@contoso.example', 'a@contoso.example', 'B@contoso.example'];
    const [mail] = composer.alert(sampleAlert({ recipients }), sampleContext());
    expect(mail?.recipients).toEqual(['b@contoso.example', 'a@contoso.example']);
  });

  test('an id makes the Message-ID', () => {
    const [mail] = composer.alert(sampleAlert(), sampleContext({ newId: () => 'abc' }));
    expect(mail).toMatchObject({ id: 'abc', messageId: 'abc@contoso.example' });
  });

  test('the first mail of an incident refers to nothing, the later ones to the first', () => {
    const references = [sampleAlert(), sampleReminder(), sampleResolved()].map(
      (notice) => composer.alert(notice, sampleContext())[0]?.references,
    );
    expect(references).toEqual([[], ['root@contoso.example'], ['root@contoso.example']]);
  });

  test.each([
    ['an alert: when it fired', composer.alert(sampleReminder(), sampleContext())[0], NOW - 4 * HOUR],
    [
      'its end: when it ended',
      composer.alert(sampleResolved({ resolvedAt: NOW - HOUR }), sampleContext())[0],
      NOW - HOUR,
    ],
    ['a report: when it was due', composer.report(sampleReport(), sampleContext())[0], NOW - 12_000],
    [
      'a report on demand: when it was taken',
      composer.report(sampleReport({ dueAt: null, takenAt: NOW - 5 }), sampleContext())[0],
      NOW - 5,
    ],
    ['a notice: now', composer.notice(sampleNotice(), sampleContext())[0], NOW],
  ])('causedAt of %s', (_rule, mail, causedAt) => {
    expect(mail).toMatchObject({ causedAt, createdAt: NOW });
  });

  test('kind, severity, source, incident and priority are set', () => {
    const emailProperties = sampleProperties({ priority: 'high' });
    expect(composer.alert(sampleResolved({ emailProperties }), sampleContext())[0]).toMatchObject({
      kind: 'resolved',
      severity: 'critical',
      source: { type: 'alert', name: 'Disk nearly full' },
      incidentId: 'incident-1',
      priority: 'high',
    });
    expect(composer.alert(sampleAlert(), sampleContext())[0]?.priority).toBe('normal');
    expect(composer.report(sampleReport(), sampleContext())[0]).toMatchObject({
      kind: 'report',
      severity: 'critical',
      source: { type: 'report', name: 'Every morning' },
      incidentId: null,
      priority: 'normal',
    });
    expect(composer.test('it@contoso.example', sampleContext())).toMatchObject({
      kind: 'test',
      severity: 'info',
      source: { type: 'system', name: 'Test message' },
      recipients: ['it@contoso.example'],
    });
  });
});
