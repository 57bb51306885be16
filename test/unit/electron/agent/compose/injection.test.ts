import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLine, cutTo } from '../../../../../electron/agent/compose/clean-text.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { septetsOf } from '../../../../../electron/agent/compose/gsm-alphabet.ts';
import type { Message } from '../../../../../shared/model/message.ts';
import { unknown } from '../../../../../shared/model/sample.ts';
import { sampleNotice } from './notice-samples.ts';
import { sampleChart, sampleReport, sampleWatched } from './report-samples.ts';
import {
  NOW,
  sampleAlert,
  sampleCondition,
  sampleContext,
  sampleGroup,
  sampleProperties,
  sampleView,
} from './samples.ts';
import { anyText } from '../../../../fakes/any-text.ts';

const composer = createComposer();

/** Every mail that there is, with one text in every place where a stranger's words can stand. */
function mailsWith(evil: string): Message[] {
  const context = sampleContext({
    installation: evil,
    organisation: evil,
    hostName: evil,
    version: evil,
    smtpRouteText: evil,
  });
  const conditions = [
    sampleView({ settings: sampleCondition({ target: evil }), reading: { value: 91.3, detail: evil } }),
    sampleView({
      settings: sampleCondition({ metric: 'service.state', above: undefined, is: evil, target: evil }),
      reading: { value: evil },
    }),
    sampleView({ reading: unknown(evil), phase: 'clear' }),
  ];
  const firing = [{ name: evil, severity: 'warning' as const, since: NOW }];
  const notice = sampleAlert({ name: evil, conditions, otherActive: firing, sms: ['1@sms.example'] });
  const others = { ...notice, kind: 'resolved' as const, incidentId: 'incident-2' };
  const group = sampleGroup({
    heldBack: { count: 2, since: NOW, perHour: 60 },
    notices: [notice, others],
    otherActive: firing,
    sms: ['1@sms.example'],
  });
  const { inventory, delivery } = sampleReport();
  const report = sampleReport({
    name: evil,
    firing,
    history: [sampleChart([{ metric: 'disk.usedPercent', target: evil }], () => 5)],
    watched: [sampleWatched({ alertName: evil, settings: sampleCondition({ target: evil }) })],
    inventory: {
      ...inventory,
      hostName: evil,
      operatingSystem: evil,
      kernel: evil,
      cpuModel: evil,
      disks: [{ mount: evil, fileSystem: evil, sizeBytes: 0, usedBytes: 0, freeBytes: 0 }],
      interfaces: [{ name: evil, state: 'up', addresses: [evil] }],
    },
    delivery: { ...delivery, routes: [{ text: evil, state: 'down', detail: evil }] },
  });
  return [
    ...composer.alert(notice, context),
    ...composer.alert({ ...notice, kind: 'flapping', recipients: [] }, context),
    ...composer.group(group, context),
    ...composer.alert({ ...notice, kind: 'reminder' }, context),
    ...composer.alert(
      { ...notice, kind: 'resolved', emailProperties: sampleProperties({ subject: evil }) },
      context,
    ),
    ...composer.report(report, context),
    ...composer.notice(sampleNotice({ subject: evil, headline: evil, paragraphs: [evil, evil] }), context),
    composer.test('it@contoso.example', context),
  ];
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function assertHarmless(mail: Message): void {
  expect(mail.subject).not.toMatch(CONTROL);
  expect(mail.subject.length).toBeGreaterThan(0);
  expect(mail.subject.length).toBeLessThanOrEqual(200);
  for (const text of [mail.subject, mail.text, mail.html ?? '']) {
    expect(text).not.toMatch(DIRECTION);
    expect(text.isWellFormed()).toBe(true);
  }
  expect(mail.text.replaceAll('\n', '')).not.toMatch(CONTROL);
  const septets = mail.channel === 'sms' ? septetsOf(mail.text) : 0;
  expect(septets).toBeLessThanOrEqual(160);
}

describe('names of strangers', () => {
  const plainTags = mailsWith('x').map(tagNames);

  function tagNames(mail: Message): string[] {
    return (mail.html ?? '').match(/<\/?[a-z!][^\s>]*/gi) ?? [];
  }

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image that reports back', '<img src="https://evil.example/x.png" onerror=alert(1)>'],
    ['the end of an attribute', '" style="display:none" x="'],
    ['the end of the style sheet', '</style><h1>'],
    ['a comment', '<!--'],
    ['an entity', '&lt;b&gt;'],
    ['a template', '${7*7} {{7*7}}'],
  ])('%s adds no markup', (_rule, evil) => {
    const mails = mailsWith(evil);
    expect(mails.map(tagNames)).toEqual(plainTags);
    mails.forEach(assertHarmless);
  });

  test.each([
    ['a header', 'Disk\r\nBcc: evil@example.com\r\n\r\nbody'],
    ['a lone carriage return', 'Disk\rBcc: evil@example.com'],
    ['a line separator', 'Disk\u2028Bcc: evil@example.com\u0085x'],
    ['a null byte', 'Disk\u0000full'],
    ['an escape sequence', '\u001b[2JDisk'],
    ['a name turned round', 'report\u202efdp.exe'],
    ['half a character', 'Disk \ud834'],
    ['nothing to see', '\u200b\ufeff\u2066'],
    ['nothing at all', ''],
  ])('%s does no harm', (_rule, evil) => {
    mailsWith(evil).forEach(assertHarmless);
  });

  test('a line break in a name makes no line of its own', () => {
    for (const mail of mailsWith('Disk\n\nResolved after 1 min')) {
      expect(mail.text).not.toMatch(/^Resolved after 1 min/m);
    }
  });

  test('mails can be written whatever the names are', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 400 }), (evil) => {
        mailsWith(evil).forEach(assertHarmless);
      }),
      { numRuns: 15 },
    );
  });

  test('and whatever was measured at whatever time', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.string(), (value, time, timeZone) => {
        const conditions = [sampleView({ settings: sampleCondition({ above: time }), reading: { value } })];
        const times = { since: time, firedAt: time, nextReminderAt: time };
        const notice = sampleAlert({ conditions, ...times, sms: ['1@sms.example'] });
        composer.alert(notice, sampleContext({ timeZone })).forEach(assertHarmless);
      }),
      { numRuns: 50 },
    );
  });
});

describe('cleaning', () => {
  test.each([
    ['white space becomes one space', ' a \t b\u00a0\u3000c ', 'a b c'],
    ['letters of every script stay', 'Größe 日本語 עברית', 'Größe 日本語 עברית'],
    ['joiners stay, for words and pictures need them', '👩\u200d🔧', '👩\u200d🔧'],
    ['direction marks go', 'a\u202eb\u2069c', 'abc'],
    ['half a character is replaced', 'a\ud834', 'a\ufffd'],
  ])('%s', (_rule, text, cleaned) => {
    expect(cleanLine(text)).toBe(cleaned);
  });

  test.each([
    ['what fits stays', 'abcd', 4, 'abcd'],
    ['what does not is cut visibly', 'abcde', 4, 'abc…'],
    ['no character is cut in two', 'ab𝄞e', 4, 'ab…'],
    ['no space stands before the mark', 'ab cde', 4, 'ab…'],
  ])('%s', (_rule, text, max, cut) => {
    expect(cutTo(text, max)).toBe(cut);
  });
});
