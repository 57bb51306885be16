import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { cutToSeptets, septetsOf, toGsm } from '../../../../../electron/agent/compose/gsm-alphabet.ts';
import {
  sampleAlert,
  sampleContext,
  sampleCondition,
  sampleFlapping,
  sampleGroup,
  sampleHeldBack,
  sampleReminder,
  sampleResolved,
  sampleView,
} from './samples.ts';

const composer = createComposer();
const toPhone = { recipients: [], sms: ['5551234567@sms.example'] };

function sms(notice = sampleAlert(), installation = 'front-desk') {
  return composer.alert({ ...notice, ...toPhone }, sampleContext({ installation }))[0];
}

const service = sampleCondition({
  metric: 'service.state',
  target: 'spooler',
  is: 'stopped',
  above: undefined,
});

describe('text messages about several alerts', () => {
  test.each([
    [
      'the worst first, with the count',
      sampleGroup(toPhone),
      'CRITICAL front-desk: 2 alerts, 1 resolved. Disk nearly full: 91.3 %. Backup too old: 2 d 4 h. Mail server away: resolved',
    ],
    [
      'all over',
      sampleGroup({
        ...toPhone,
        notices: [sampleResolved(), sampleResolved({ name: 'Backup too old', incidentId: 'incident-2' })],
      }),
      'RESOLVED front-desk: 2 resolved. Disk nearly full: resolved. Backup too old: resolved',
    ],
    [
      'as many as there is room for',
      sampleHeldBack(toPhone),
      'CRITICAL front-desk: 75 alerts held back. Alert 73: 98.2 %. Alert 70: 97.9 %. Alert 67: 97.6 %. Alert 64: 97.3 %. Alert 61: 97 %. Alert 58: 96.7 %',
    ],
  ])('%s', (_rule, group, text) => {
    const [message] = composer.group(group, sampleContext());
    expect(message?.text).toBe(text);
    expect(septetsOf(text)).toBeLessThanOrEqual(160);
  });
});

describe('text messages', () => {
  test.each([
    [
      'an alert',
      sampleAlert(),
      'CRITICAL front-desk: Disk nearly full. Disk / used: 91.3 %, limit above 90 %. Since Sat 21 Nov 2026, 19:00:12 UTC',
    ],
    [
      'a reminder',
      sampleReminder({ severity: 'warning' }),
      'STILL WARNING after 4 h, front-desk: Disk nearly full. Disk / used: 91.3 %, limit above 90 %. Since Sat 21 Nov 2026, 15:00:12 UTC',
    ],
    [
      'one that flaps',
      sampleFlapping(),
      'FLAPPING WARNING, changed 7 times in 4 min, front-desk: Disk nearly full. Disk / used: 89.97 %, limit above 90 %. Since Sat 21 Nov 2026, 19:01:12 UTC',
    ],
    [
      'the end',
      sampleResolved(),
      'RESOLVED after 23 min, front-desk: Disk nearly full. Disk / used: 78 %, limit above 90 %. Ended Sat 21 Nov 2026, 19:05:12 UTC',
    ],
    [
      'a state needs no limit beside it',
      sampleAlert({
        name: 'Printing',
        conditions: [sampleView({ settings: service, reading: { value: 'stopped' } })],
      }),
      'CRITICAL front-desk: Printing. Service spooler: stopped. Since Sat 21 Nov 2026, 19:00:12 UTC',
    ],
    [
      'unless it has changed',
      sampleResolved({
        name: 'Printing',
        conditions: [sampleView({ settings: service, reading: { value: 'running' } })],
      }),
      'RESOLVED after 23 min, front-desk: Printing. Service spooler: running, alert when stopped. Ended Sat 21 Nov 2026, 19:05:12 UTC',
    ],
  ])('%s', (_rule, notice, text) => {
    expect(sms(notice)?.text).toBe(text);
  });

  test('no HTML, and the subject is the installation, which gateways may put in front', () => {
    expect(sms()).toMatchObject({ channel: 'sms', html: null, subject: 'front-desk' });
  });

  test.each(['\u0301', '°', ''])('a name of which the alphabet leaves nothing is “unnamed” (%j)', (name) => {
    const mail = sms({ ...sampleAlert(), name }, name);
    expect(mail?.subject).toBe('unnamed');
    expect(mail?.text).toMatch(/^CRITICAL unnamed: unnamed\. /);
  });

  test('long names give way to the value, and what is cut is seen', () => {
    const conditions = [sampleView({ settings: sampleCondition({ target: `/srv/${'deep/'.repeat(50)}` }) })];
    const text =
      sms(sampleAlert({ name: 'Disk '.repeat(20), conditions }), 'installation-'.repeat(8))?.text ?? '';
    expect(text).toBe(
      'CRITICAL installation-installat..: Disk Disk Disk Disk Disk Disk Disk Dis.. Disk /srv/deep/deep/deep/deep/..: 91.3 %, limit above 90 %. Since Sat 21 Nov 2026,..',
    );
    expect(septetsOf(text)).toBeLessThanOrEqual(160);
  });

  test('160 septets of the alphabet at most, whatever the names are', () => {
    const name = fc.string({
      unit: fc.constantFrom(...Array.from('abc ÄÖß€[]{}~\\|^Ωłč日🔔“–…\u0301\u202e\r\n')),
      maxLength: 200,
    });
    fc.assert(
      fc.property(name, name, name, (alert, installation, target) => {
        const conditions = [sampleView({ settings: sampleCondition({ target }) })];
        const text = sms(sampleAlert({ name: alert, conditions }), installation)?.text ?? '';
        expect(septetsOf(text)).toBeLessThanOrEqual(160);
        expect(text).not.toContain('\n');
      }),
    );
  });
});

describe('GSM 03.38', () => {
  test.each([
    ['umlauts are in it', 'äöüÄÖÜß', 'äöüÄÖÜß'],
    ['so are some accents', 'éèàìòùñå', 'éèàìòùñå'],
    ['accents that it lacks are dropped', 'čšáêçÀ', 'csaecA'],
    ['letters put together are taken together', 'a\u0308', 'ä'],
    ['letters without a plain part are spelled', 'œłđÞ', 'oeldTh'],
    ['Greek is written in capitals', 'ΔΦ αβγω', 'ΔΦ ABΓΩ'],
    ['typographic marks become plain', '“a”–‘b’…', '"a"-\'b\'..'],
    ['degrees are left out', '55 °C', '55 C'],
    ['full-width letters become plain', 'ＡＢ', 'AB'],
    ['what cannot be written is a question mark', 'Диск 日 🔔', '???? ? ?'],
  ])('%s', (_rule, text, written) => {
    expect(toGsm(text)).toBe(written);
  });

  test.each([
    ['a letter counts once', 'a', 1],
    ['the extension counts twice', '€[]{}~\\|^', 18],
    ['what is not in it has no length', 'a日', null],
  ])('%s', (_rule, text, septets) => {
    expect(septetsOf(text)).toBe(septets);
  });

  test('the alphabet has 127 characters and the escape, the extension 10', () => {
    const characters = Array.from({ length: 0x2100 }, (_, code) => String.fromCodePoint(code));
    expect(characters.filter((character) => septetsOf(character) === 1)).toHaveLength(127);
    expect(characters.filter((character) => septetsOf(character) === 2)).toHaveLength(10);
  });

  test('a cut leaves room for its mark, in septets', () => {
    expect(cutToSeptets('abcd', 4)).toBe('abcd');
    expect(cutToSeptets('abcde', 4)).toBe('ab..');
    expect(cutToSeptets('a€€', 4)).toBe('a..');
  });
});
