import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailFramePath } from '../../../../../shared/contract/ipc/mail-frames.ts';
import { fastClock } from '../../../../fakes/fast-clock.ts';
import { type RealAgent, startRealAgent } from '../../../../fakes/real-agent.ts';

let real: RealAgent;
beforeEach(async () => {
  // What measures twice, a second apart, does so within 0.1 s.
  real = await startRealAgent({ clock: fastClock(10) });
});
afterEach(() => real.agent.stop());

describe('an alert that is being edited', () => {
  const alert = {
    name: 'Memory',
    severity: 'critical',
    conditions: [{ metric: 'memory.usedPercent', above: 0 }],
    sms: ['5551234567@sms.example'],
  };

  test('is looked at now, with the mail it would send, and sends nothing', async () => {
    const preview = await real.call('alerts.preview', { alert });
    if (!('mail' in preview)) throw new Error('it has faults');
    expect(preview).toMatchObject({
      wouldFire: 'fires',
      conditions: [{ metric: 'memory.usedPercent', verdict: 'holding', limit: 'above 0 %' }],
      mail: { format: 'html', subject: expect.stringMatching(/^\[CRITICAL\] .*: Memory/) as unknown },
      sms: expect.stringContaining('Memory') as unknown,
    });
    const framed = await fetch(`${real.url}${mailFramePath('preview', preview.mail.id)}`, {
      headers: { cookie: await real.session() },
    });
    expect([framed.status, await framed.text()]).toEqual([200, preview.mail.html]);
    expect(await real.call('log.list', { limit: 1, since: null, before: null })).toEqual([]);
  });

  test('that would not fire says so, and has no SMS where it has no such addresses', async () => {
    const conditions = [{ metric: 'memory.usedPercent', above: 100 }];
    const preview = await real.call('alerts.preview', { alert: { ...alert, conditions, sms: [] } });
    expect(preview).toMatchObject({ wouldFire: 'ok', sms: null });
  });

  test('with faults has them named from within the alert', async () => {
    const conditions = [{ metric: 'memory.usedPercent' }];
    expect(await real.call('alerts.preview', { alert: { ...alert, conditions } })).toEqual({
      faults: [{ path: 'conditions[0]', message: expect.any(String) as unknown }],
    });
    const report = await real.call('alerts.test', { alert: {}, to: 'a@contoso.example' });
    expect(report).toMatchObject({
      accepted: false,
      stages: [],
      sentence: expect.stringContaining('name') as unknown,
    });
  });

  test('is tested by a mail that is marked as a test, to one address only', async () => {
    const report = await real.call('alerts.test', {
      alert: { ...alert, recipients: ['others@contoso.example'] },
      to: 'admin@provider.example',
    });
    expect(report).toMatchObject({ accepted: true, via: 'practice' });
    const [mail, ...others] = await real.call('practice.list', { limit: 10 });
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      to: ['admin@provider.example'],
      subject: expect.stringMatching(/^\[TEST\] \[CRITICAL\]/) as unknown,
    });
    const received = await real.call('practice.get', { id: mail?.id ?? '' });
    expect(received).toMatchObject({
      subject: mail?.subject,
      html: expect.stringContaining('Memory') as unknown,
      text: expect.stringContaining('Memory') as unknown,
      headers: expect.stringMatching(/^Return-Path: .*X-Tocsin-Kind: test/s) as unknown,
    });
  });
});

test('a report that is being edited is shown as it would be, with when it is due next', async () => {
  const report = { name: 'Weekly', cron: '0 8 * * 1', recipients: [], emailProperties: { format: 'text' } };
  const preview = await real.call('reports.preview', { report });
  if (!('mail' in preview)) throw new Error('it has faults');
  expect(preview.mail).toMatchObject({
    format: 'text',
    html: null,
    text: expect.stringContaining('Disk') as unknown,
  });
  expect(new Date(preview.nextAt ?? 0).getDay()).toBe(1);
  expect(await real.call('reports.preview', { report: { ...report, cron: 'no' } })).toMatchObject({
    faults: [{ path: 'cron' }],
  });
});

describe('what is tried from a form', () => {
  test('a rule or a mailbox with faults is not tried, and the faults are named', async () => {
    const rule = {
      name: 'Tell me',
      event: 'delivery-failed',
      actions: [{ type: 'log-to-file', file: 'a/x' }],
    };
    expect(await real.call('events.try', { rule })).toEqual({
      faults: [{ path: 'actions[0].file', message: expect.any(String) as unknown }],
    });
    const test = await real.call('mailbox.test', { mailbox: { protocol: 'pop3' } });
    expect(test).toMatchObject({ opened: false, stages: [] });
    expect(test.sentence).toContain('host');
    expect((await real.call('mailbox.test', {})).sentence).toBe('No mailbox was opened, for none is set.');
  });
});
