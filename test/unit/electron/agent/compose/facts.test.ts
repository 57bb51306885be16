import { describe, expect, test } from 'vitest';
import { alertDocument } from '../../../../../electron/agent/compose/alert-document.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { htmlMail } from '../../../../../electron/agent/compose/html/html-mail.tsx';
import type { Block, MailDocument } from '../../../../../electron/agent/compose/mail-document.ts';
import { noticeDocument, testDocument } from '../../../../../electron/agent/compose/notice-document.ts';
import { reportDocument } from '../../../../../electron/agent/compose/report-document.ts';
import { textMail } from '../../../../../electron/agent/compose/text-mail.ts';
import { unknown } from '../../../../../shared/model/sample.ts';
import { htmlText, oneSpaced } from './read-html.ts';
import { sampleNotice } from './notice-samples.ts';
import { sampleQuietReport, sampleReport, sampleWatched } from './report-samples.ts';
import {
  HOUR,
  MINUTE,
  NOW,
  sampleAlert,
  sampleContext,
  sampleReminder,
  sampleResolved,
  sampleView,
} from './samples.ts';

const context = sampleContext();

/** Everything a document says, in its order. */
function saidBy(document: MailDocument): string[] {
  return [
    document.state,
    document.headline,
    ...document.sections.flatMap(({ title, blocks }) => [title ?? '', ...blocks.flatMap(saidByBlock)]),
    ...document.smallPrint.flatMap(({ label, value }) => [label, value]),
  ].filter((text) => text !== '');
}

function saidByBlock(block: Block): string[] {
  switch (block.kind) {
    case 'figure':
      return [block.title, block.value, block.limit, block.note ?? ''];
    case 'facts':
      return block.facts.flatMap(({ label, value }) => [label, value]);
    case 'list':
      return block.items.flatMap(({ title, value, note }) => [title, value, note ?? '']);
    case 'bars':
      return block.bars.flatMap(({ title, value, note }) => [title, value, note ?? '']);
    case 'lines':
      return [...block.lines];
    case 'charts':
      return [
        ...block.columns.flatMap(({ title, bar, note }) => [title, bar, note]),
        ...block.rows.flatMap(({ title, scale, charts }) => [
          title,
          scale,
          ...charts.map(({ note }) => note),
        ]),
      ];
    case 'paragraphs':
      return [...block.paragraphs];
  }
}

/** The first thing that does not stand in the text after the one before it; null where all is in order. */
function firstOutOfOrder(said: readonly string[], text: string): string | null {
  let from = 0;
  for (const part of said) {
    const at = text.indexOf(part, from);
    if (at < 0) return part;
    from = at + part.length;
  }
  return null;
}

const DOCUMENTS = {
  alert: alertDocument(sampleAlert(), context, 'smtp'),
  reminder: alertDocument(sampleReminder(), context, 'smtp'),
  resolved: alertDocument(sampleResolved(), context, 'relay'),
  notice: noticeDocument(sampleNotice(), context),
  test: testDocument(context),
  report: reportDocument(sampleReport(), context, 'smtp'),
  'report, all right': reportDocument(sampleQuietReport(), context, 'smtp'),
};

describe('both forms', () => {
  test.each(Object.entries(DOCUMENTS))('%s: the same facts in the same order', (_name, document) => {
    const said = saidBy(document);
    expect(said.length).toBeGreaterThan(8);
    expect(firstOutOfOrder(said, htmlText(htmlMail(document, 'Subject')))).toBeNull();
    expect(firstOutOfOrder(said, oneSpaced(textMail(document)))).toBeNull();
  });

  test.each(Object.entries(DOCUMENTS))('%s: text lines have at most 72 columns', (_name, document) => {
    const long = textMail(document)
      .split('\n')
      .filter((line) => Array.from(line).length > 72);
    expect(long).toEqual([]);
  });

  test.each(Object.entries(DOCUMENTS))('%s: nothing runs and nothing is fetched', (_name, document) => {
    const html = htmlMail(document, 'Subject');
    expect(html).not.toMatch(/<(?:script|img|link|iframe|form|object)|url\(|@import|@font-face|https?:/i);
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('width="600"');
  });

  test('an order that is broken is noticed', () => {
    expect(firstOutOfOrder(['b', 'a'], 'a b')).toBe('a');
  });
});

const composer = createComposer();

/** The text of the mail about an alert, white space as one space. */
function alertText(notice = sampleAlert(), changes = {}): string {
  return oneSpaced(composer.alert(notice, sampleContext(changes))[0]?.text ?? '');
}

describe('what an alert says', () => {
  test.each([
    ['first what and where', alertText(), /^Critical: Disk nearly full on front-desk /],
    [
      'a reminder how long it fires',
      alertText(sampleReminder()),
      /^Still firing after 4 h: Disk nearly full/,
    ],
    ['the end how long it lasted', alertText(sampleResolved()), /^Resolved after 23 min: Disk nearly full/],
    ['the value with its limit', alertText(), /Disk \/ used: 91\.3 % Alert when above 90 % for 5 min/],
    ['what holds is marked', alertText(), /◆ Disk \/ used: 91\.3 % Holds\./],
    ['what does not hold, too', alertText(), /● Disk \/ free: 8\.6 GiB Does not hold\./],
    [
      'why something is unknown',
      alertText(),
      /○ Disk \/mnt\/backup used: unknown Cannot be measured: \/mnt\/backup is not/,
    ],
    ['the worst of the others first', alertText(), /◆ Backup too old: 1 d 2 h.*▲ Memory short: 40 min/],
    ['that there are no others', alertText(sampleResolved()), /No other alert is firing\./],
    [
      'when the reminder comes',
      alertText(),
      /If it is not over by Sat 21 Nov 2026, 23:05:12 UTC, a reminder is sent then\./,
    ],
    [
      'that none comes',
      alertText(sampleAlert({ nextReminderAt: null })),
      /No reminder will be sent\. When it is over, a mail says so\./,
    ],
    [
      'that the end is not told',
      alertText(sampleAlert({ notifyOnRecovery: false })),
      /No mail is sent when it is over\./,
    ],
    ['that it is over', alertText(sampleResolved()), /nothing more is sent about it/],
    ['all must hold', alertText(sampleAlert({ match: 'all' })), /Conditions \(all must hold\)/],
    ['a short one has a length', alertText(sampleAlert({ since: NOW })), /For less than a second/],
    [
      'times are in the installation’s zone',
      alertText(sampleAlert(), { timeZone: 'Europe/Berlin' }),
      /Written Sat 21 Nov 2026, 20:05:12 UTC\+1/,
    ],
    [
      'no organisation, no line',
      alertText(sampleAlert(), { organisation: null }),
      /Installation front-desk Host fd-01/,
    ],
    [
      'what the source remarked',
      alertText(sampleAlert({ conditions: [sampleView({ reading: { value: 95, detail: '120 files' } })] })),
      /95 % Alert when above 90 % for 5 min 120 files/,
    ],
    [
      'a mail written late says so',
      alertText(sampleAlert({ firedAt: NOW - 12 * MINUTE, since: NOW - 17 * MINUTE })),
      /Delay Written 12 min after the alert fired/,
    ],
    [
      'so does a late end',
      alertText(sampleResolved({ resolvedAt: NOW - 2 * HOUR, since: NOW - 3 * HOUR })),
      /Delay Written 2 h after it was over/,
    ],
  ])('%s', (_rule, text, pattern) => {
    expect(text).toMatch(pattern);
  });

  test('one condition needs no list: the figure has said it', () => {
    expect(alertText(sampleAlert({ conditions: [sampleView()] }))).not.toContain('any is enough');
  });

  test('a condition that held and cannot be measured any more is not called clear', () => {
    const conditions = [sampleView({ reading: unknown('the disk is gone') }), sampleView({ phase: 'clear' })];
    expect(alertText(sampleAlert({ conditions }))).toContain(
      'Held when last measured. Cannot be measured: the disk is gone.',
    );
  });

  test('of many other alerts the rest are counted', () => {
    const otherActive = Array.from({ length: 25 }, (_, index) => ({
      name: `Alert ${index}`,
      severity: 'info' as const,
      since: NOW - index,
    }));
    expect(alertText(sampleAlert({ otherActive }))).toContain('And 5 more.');
  });
});

describe('what a report says', () => {
  const text = (data = sampleReport()) => oneSpaced(composer.report(data, context)[0]?.text ?? '');

  test.each([
    ['all right', text(sampleQuietReport()), /^Status report: Everything is all right on front-desk/],
    [
      'what fires, first',
      text(),
      /^Status report, critical: 1 alert firing on front-desk Taken .* Firing now -+ ◆ Disk nearly full: 1 h/,
    ],
    ['what is not watched is not called all right', text(), /– Network: 1 of 2 up Not watched/],
    ['what is wrong, first', text(), /At a glance -+ ◆ Disks: .* ◆ Watched items: .* ▲ Memory: .* ● CPU: /],
    ['the fullest disk', text(), /Disks: 91\.3 % used Firing; \/ is the fullest of 3/],
    ['a disk without a reading is counted as df does', text(), /\/data \[-+\] 0\.5 %/],
    ['bars in text', text(), /Memory {1,2}\[#{17}-{7}\] 72\.1 % 4\.4 GiB available of 15\.5 GiB/],
    ['a hold time that still runs', text(), /Memory used: 72\.1 % Met, not yet for 10 min\./],
    [
      'mail that waits, and for how long',
      text(),
      /Waiting 2, the oldest for 7 min, since Sat 21 Nov 2026, 18:58:12 UTC/,
    ],
    ['that it came on demand', text(sampleQuietReport()), /Schedule on demand/],
    [
      'that nothing is watched',
      text(sampleQuietReport({ watched: [] })),
      /Nothing is watched: no conditional alert is set up\./,
    ],
  ])('%s', (_rule, said, pattern) => {
    expect(said).toMatch(pattern);
  });

  test('of many watched items the worst are listed and the rest counted, within the 102 KB of Gmail', () => {
    const watched = [
      ...Array.from({ length: 300 }, () => sampleWatched()),
      sampleWatched({ alertPhase: 'firing', phase: 'holding' }),
    ];
    const [mail] = composer.report(sampleReport({ watched }), context);
    expect(mail?.text).toContain('And 261 more: 261 all right.');
    expect(mail?.text).toMatch(/Watched items\n-+\n◆ Disk \/ used/);
    expect(mail?.html?.length).toBeLessThan(102 * 1024);
  });
});
