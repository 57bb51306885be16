import type { Bar, Block, Charts, Fact, ListItem, MailDocument, Section } from './mail-document.ts';
import { columnsOf, TEXT_COLUMNS, wrap } from './text-wrap.ts';
import { GLYPHS } from './tone.ts';

const BAR_COLUMNS = 24;
const LABEL_COLUMNS_MAX = 24;
const INDENT = '  ';

/** Writes a mail as plain text of 72 columns: the same facts as the HTML, in the same order. Lines end in LF. */
export function textMail(document: MailDocument): string {
  const parts = [
    wrap(`${document.state}: ${document.headline}`).join('\n'),
    ...document.sections.map(sectionText),
    ['-'.repeat(TEXT_COLUMNS), ...factLines(document.smallPrint)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  const heading = title === null ? [] : [`${wrap(title).join('\n')}\n${'-'.repeat(columnsOf(title))}`];
  const body = blocks.map((block) => blockLines(block).join('\n')).filter((text) => text !== '');
  // A heading stands right above what it heads; the blocks below it keep their distance.
  return [[...heading, ...body.slice(0, 1)].join('\n'), ...body.slice(1)].join('\n\n');
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'figure':
      return [
        ...wrap(`${block.title}: ${block.value}`),
        ...wrap(block.limit),
        ...(block.note === null ? [] : wrap(block.note)),
      ];
    case 'facts':
      return factLines(block.facts);
    case 'list':
      return block.items.flatMap(itemLines);
    case 'bars':
      return barLines(block.bars);
    case 'lines':
      return block.lines.flatMap((line) => (line === '' ? [''] : wrap(line)));
    case 'charts':
      return chartLines(block);
    case 'paragraphs':
      return block.paragraphs.flatMap((text, index) => (index === 0 ? wrap(text) : ['', ...wrap(text)]));
  }
}

function factLines(entries: readonly Fact[]): string[] {
  const width = Math.max(0, ...entries.map(({ label }) => columnsOf(label))) + 2;
  return entries.flatMap(({ label, value }) => wrap(value, padded(label, width), ' '.repeat(width)));
}

function itemLines({ tone, title, value, note }: ListItem): string[] {
  return [
    ...wrap(`${title}: ${value}`, `${GLYPHS[tone]} `, INDENT),
    ...(note === null ? [] : wrap(note, INDENT)),
  ];
}

function barLines(bars: readonly Bar[]): string[] {
  const width = Math.min(LABEL_COLUMNS_MAX, Math.max(0, ...bars.map(({ title }) => columnsOf(title)))) + 2;
  return bars.flatMap(({ title, fraction, value, note }) => {
    const drawn = fraction === null ? value : `${barText(fraction)} ${value}`;
    const head =
      columnsOf(title) + 2 > width
        ? [...wrap(title), `${' '.repeat(width)}${drawn}`]
        : [`${padded(title, width)}${drawn}`];
    return [...head, ...(note === null ? [] : wrap(note, INDENT))];
  });
}

/** "[##########--------------]": survives every font and every program. */
function barText(fraction: number): string {
  const filled = Math.round(fraction * BAR_COLUMNS);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_COLUMNS - filled)}]`;
}

function chartLines({ columns, rows }: Charts): string[] {
  const width = Math.max(...columns.map(({ short }) => columnsOf(short))) + 2;
  const indent = INDENT + ' '.repeat(width);
  return [
    ...columns.flatMap(({ title, bar, note }) => wrap(`${title}, ${bar}, ${note}`)),
    ...rows.flatMap(({ title, scale, charts }) => [
      '',
      ...wrap(`${title}, ${scale}`),
      ...charts.flatMap(({ bars, note }, index) => {
        const label = INDENT + padded(columns[index]?.short ?? '', width);
        return bars.length === 0
          ? wrap(note, label, indent)
          : [label + sparkline(bars), ...wrap(note, indent)];
      }),
    ]),
  ];
}

const SPARKS = '▁▂▃▄▅▆▇█';

/** "▁▂▃·▆▇": one character a bar, a dot where there is a gap. */
function sparkline(bars: readonly (number | null)[]): string {
  return bars
    .map((height) => (height === null ? '·' : SPARKS.charAt(Math.min(7, Math.floor(height * SPARKS.length)))))
    .join('');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}
