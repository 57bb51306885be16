import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The mails as the compose stage writes them; its tests keep them up to date. */
export const GOLDEN_DIR = resolve(import.meta.dirname, '../../test/unit/electron/agent/compose/golden');

interface Kind {
  /** Names of golden files, the first of which is shown as text as well. */
  readonly names: readonly string[];
  readonly title: string;
  readonly when: string;
}

/** What there is to show, in the order in which people meet it. */
const KINDS: readonly Kind[] = [
  {
    names: ['alert', 'alert-warning', 'alert-info'],
    title: 'Alert',
    when: 'When an alert fires. The number that matters stands first, with its limit; then since when, the other conditions, what else is wrong, and what Tocsin will do next. The three severities differ in a word, a shape and a colour.',
  },
  {
    names: ['reminder'],
    title: 'Reminder',
    when: 'While an alert goes on firing, every four hours unless the alert says otherwise, until somebody acknowledges it. It is part of the conversation that the first mail began.',
  },
  {
    names: ['resolved'],
    title: 'Resolved',
    when: 'When it is over; the value is that of now.',
  },
  {
    names: ['group'],
    title: 'Several at once',
    when: 'When several alerts fire or end together for the same people: one mail, the worst first, what is resolved after it. The first mail of a group never waits; what follows within 30 s is joined.',
  },
  {
    names: ['flapping'],
    title: 'Flapping',
    when: 'When an alert comes and goes so often that every change would be a mail: it is told once, and again when it has come to rest.',
  },
  {
    names: ['held-back'],
    title: 'Held back',
    when: 'When more was to be told in an hour than one person can read: what was held back is named in one mail as soon as the hour has room.',
  },
  {
    names: ['report'],
    title: 'Status report',
    when: 'By its schedule and on demand: what fires, everything in one glance with the worst first, each watched item, charts of the last 24 hours and 7 days, and the details. The bars are cells of a table, so they show with images switched off too.',
  },
  {
    names: ['report-all-right'],
    title: 'Status report, all right',
    when: 'The same where nothing is wrong, on the first day, when there is no history yet.',
  },
  {
    names: ['file-alert'],
    title: 'File alert',
    when: 'When another program asks for it: its own words, set out as it set them out, and its files.',
  },
  {
    names: ['notice', 'notice-unknown'],
    title: 'Notice',
    when: 'When Tocsin has something to say about itself, such as that something cannot be measured.',
  },
  {
    names: ['path-dead', 'path-back'],
    title: 'The mail path',
    when: 'When three deliveries in a row failed on one way out, by the other way, at most once a day; and again when mail leaves that way once more.',
  },
  {
    names: ['test'],
    title: 'Test message',
    when: 'By the Test button and `tocsin test-mail`.',
  },
];

const INTRODUCTION = `# Every mail

<!-- Written by \`npm run docs\` from scripts/docs/mails-page.ts and the mails that the tests compare; the pictures by \`npm run docs:mails\`. -->

What Tocsin sends, light and dark as the mail program is. Every mail has a plain text with the same facts in the same order, and goes as that text alone where \`alertFormat\` or \`format\` says
\`text\`. An alert can go to telephones as well: at most 160 characters of plain text, as a mail to the SMS gateway.

A mail is one column of 600 px, narrower on a telephone, made of tables with inline styles. It has no script, no image, no link and nothing that is fetched from elsewhere. A program that drops the style sheet (Gmail
in some cases) or knows none of it (Outlook) shows the light one. No mail has more than 100 KB, for Gmail cuts at 102. Text has a contrast of at least 4.5 in light and dark.
Tests hold all of this for every mail on this page; the pictures are those of Chromium.`;

/** `docs/mails.md`: a picture of each mail in light and dark, its text, and the text message where there is one. */
export function mailsPage(): string {
  const shown = KINDS.flatMap(({ names }) => names);
  const forgotten = goldenNames().filter((name) => !shown.includes(name));
  if (forgotten.length > 0)
    throw new Error(`scripts/docs/mails-page.ts has no words for ${forgotten.join(', ')}`);
  return `${[INTRODUCTION, ...KINDS.map(kindText)].join('\n\n')}\n`;
}

/** The names of all mails that there are as HTML. */
export function goldenNames(): string[] {
  return readdirSync(GOLDEN_DIR)
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.slice(0, -'.html'.length));
}

function kindText({ names, title, when }: Kind): string {
  const rows = names.map(
    (name) => `| ${SCHEMES.map((scheme) => pictureText(name, title, scheme)).join(' | ')} |`,
  );
  const [first = ''] = names;
  const phone = golden(`${first}.sms.txt`);
  return [
    `## ${title}`,
    when,
    ['| light | dark |', '| --- | --- |', ...rows].join('\n'),
    ...(phone === null ? [] : [`On a telephone: “${phone.replace(/^Subject:.*\n+/, '').trim()}”`]),
    `<details><summary>The same as text</summary>\n\n\`\`\`\n${golden(`${first}.txt`)?.trimEnd() ?? ''}\n\`\`\`\n\n</details>`,
  ].join('\n\n');
}

const SCHEMES = ['light', 'dark'] as const;

function pictureText(name: string, title: string, scheme: 'light' | 'dark'): string {
  return `![${title}, ${scheme}](images/mails/${name}-${scheme}.png)`;
}

function golden(file: string): string | null {
  const path = join(GOLDEN_DIR, file);
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : null;
}
