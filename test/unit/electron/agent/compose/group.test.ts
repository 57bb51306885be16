import { expect, describe, test } from 'vitest';
import type { AlertNotice } from '../../../../../electron/agent/compose/compose.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { mergedNotices } from '../../../../../electron/agent/compose/group-view.ts';
import { MINUTE, NOW, sampleAlert, sampleContext, sampleGroup, sampleResolved } from './samples.ts';

const composer = createComposer();
const mailOf = (...args: Parameters<typeof sampleGroup>) =>
  composer.group(sampleGroup(...args), sampleContext())[0];

function alerts(count: number, changes: (index: number) => Partial<AlertNotice> = () => ({})): AlertNotice[] {
  return Array.from({ length: count }, (_, index) =>
    sampleAlert({ name: `Alert ${index}`, incidentId: `incident-${index}`, ...changes(index) }),
  );
}

describe('a mail about several alerts', () => {
  test('lists the worst first, then what has lasted longest, and what is over at its end', () => {
    const text = mailOf({
      notices: [
        sampleResolved({ name: 'Over', severity: 'critical', incidentId: '1' }),
        sampleAlert({ name: 'Mild', severity: 'info', incidentId: '2' }),
        sampleAlert({ name: 'New', severity: 'critical', incidentId: '3' }),
        sampleAlert({ name: 'Old', severity: 'critical', incidentId: '4', since: NOW - 60 * MINUTE }),
      ],
      otherActive: [],
    })?.text;
    const places = ['Old:', 'New:', 'Mild:', 'Over:'].map((name) => text?.indexOf(name) ?? -1);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places[0]).toBeGreaterThan(0);
  });

  test('of ten thousand the 50 worst are named and the rest counted, in less than 100 KB', () => {
    const mail = mailOf({
      notices: alerts(10_000, (index) => ({ severity: index % 50 === 0 ? 'critical' : 'warning' })),
    });
    expect(mail?.subject).toBe('[CRITICAL] front-desk: 10,000 alerts: Alert 0, Alert 50, Alert 100, …');
    expect(mail?.text).toContain('And 9,950 more: 150 critical, 9,800 warning.');
    expect(Buffer.byteLength(mail?.html ?? '')).toBeLessThan(100_000);
    expect(mail?.references.length).toBeLessThanOrEqual(20);
  });

  test('of alerts with long names fewer are named, so that no mail program cuts it', () => {
    const mail = mailOf({ notices: alerts(200, (index) => ({ name: `${index} ${'long '.repeat(400)}` })) });
    expect(Buffer.byteLength(mail?.html ?? '')).toBeLessThan(100_000);
    expect(mail?.text).toMatch(/And 1\d\d more: 1\d\d critical/);
  });

  test('refers to the first mail of every incident it tells of, that of the worst last', () => {
    expect(mailOf()?.references).toEqual(['root-3@contoso.example', 'root-2@contoso.example']);
  });

  test('counts an alert once, however often it came and went', () => {
    const mail = mailOf({
      notices: [
        ...alerts(2, () => ({ kind: 'flapping' })),
        sampleResolved({ name: 'Alert 0', incidentId: 'earlier' }),
        sampleResolved({ name: 'Alert 1', incidentId: 'earlier' }),
      ],
    });
    expect(mail?.subject).toBe('[FLAPPING] front-desk: 2 alerts: Alert 0, Alert 1');
    expect(mail?.source.name).toBe('Alert 0 and 1 more');
  });

  test.each([
    {
      rule: 'by the worst that fires',
      notices: [sampleAlert({ severity: 'warning' }), sampleResolved({ incidentId: '2' })],
      mark: '[WARNING]',
    },
    {
      rule: 'as over where all is over',
      notices: [sampleResolved(), sampleResolved({ incidentId: '2' })],
      mark: '[RESOLVED]',
    },
    {
      rule: 'as a reminder where nothing is new',
      notices: alerts(2, () => ({ kind: 'reminder' })),
      mark: '[REMINDER]',
    },
    {
      rule: 'by what is new rather than by what people know',
      notices: [...alerts(1, () => ({ kind: 'reminder' })), sampleAlert({ since: NOW })],
      mark: '[CRITICAL]',
    },
  ])('is marked $rule', ({ notices, mark }) => {
    expect(mailOf({ notices })?.subject.split(' ')[0]).toBe(mark);
  });
});

describe('what was overtaken while it was held', () => {
  const fired = sampleAlert({ name: 'A' });
  const reminded = sampleAlert({ name: 'A', kind: 'reminder' });
  const flapping = sampleAlert({ name: 'A', kind: 'flapping' });
  const unheard = sampleAlert({ name: 'A', kind: 'flapping', isUntold: true });
  const ended = sampleResolved({ name: 'A' });
  const again = sampleAlert({ name: 'A', incidentId: 'incident-2' });
  test.each([
    { rule: 'fired and ended: both are told', held: [fired, ended], told: ['untold resolved'] },
    { rule: 'an end alone is of what people know', held: [ended], told: ['resolved'] },
    { rule: 'fired and due again: fired', held: [fired, reminded], told: ['alert'] },
    { rule: 'fired, flapped and ended', held: [fired, flapping, ended], told: ['untold resolved'] },
    { rule: 'first told as flapping, and ended', held: [unheard, ended], told: ['untold resolved'] },
    { rule: 'ended and fired again are two incidents', held: [ended, again], told: ['resolved', 'alert'] },
    { rule: 'reminded and ended: ended', held: [reminded, ended], told: ['resolved'] },
  ])('$rule', ({ held, told }) => {
    expect(mergedNotices(held).map(({ kind, isUntold }) => `${isUntold ? 'untold ' : ''}${kind}`)).toEqual(
      told,
    );
  });
});
