import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PALETTE, type Role } from '../../../../../electron/agent/compose/html/theme.ts';
import { contrast } from './contrast.ts';

const GOLDEN_DIR = join(import.meta.dirname, 'golden');
const mails = readdirSync(GOLDEN_DIR)
  .filter((file) => file.endsWith('.html'))
  .map((file) => [file.slice(0, -'.html'.length), readFileSync(join(GOLDEN_DIR, file), 'utf8')] as const);

/** A mail as Gmail shows it where it drops the style sheet. */
function withoutStyleSheet(html: string): string {
  return html.replace(/<style>[\s\S]*?<\/style>/, '');
}

interface Shown {
  readonly text: string;
  /** Colours as [text, ground]; the first by the inline styles, the other two by the classes. */
  readonly inline: readonly [string, string];
  readonly light: readonly [string, string];
  readonly dark: readonly [string, string];
  readonly font: string | null;
}

interface Frame {
  readonly fg: string;
  readonly bg: string;
  readonly fgRole: Role;
  readonly bgRole: Role;
  readonly font: string | null;
}

const VOID = new Set(['meta', 'br']);

/** Every text of the body with the colours in which it is shown. Our own markup only: every element is closed. */
function shownTexts(html: string): Shown[] {
  const body = html.slice(html.indexOf('<body'));
  const stack: Frame[] = [{ fg: '', bg: '', fgRole: 'text', bgRole: 'page', font: null }];
  const shown: Shown[] = [];
  for (const [, closing, tag = '', attributes = '', text] of body.matchAll(
    /<(\/?)([a-z0-9]+)([^>]*)>|([^<]+)/g,
  )) {
    const outer = stack.at(-1) as Frame;
    if (text !== undefined) {
      const words = text.replaceAll('\u00a0', ' ').trim();
      if (words !== '') shown.push(asShown(words, outer));
    } else if (closing === '/') stack.pop();
    else if (!VOID.has(tag)) stack.push(inner(outer, tag, attributes));
  }
  return shown;
}

function inner(outer: Frame, tag: string, attributes: string): Frame {
  // Word's engine hands down neither font nor colour into a cell.
  const above = tag === 'td' ? { fg: '', font: null } : outer;
  const style = /style="([^"]*)"/.exec(attributes)?.[1] ?? '';
  const classes = /class="([^"]*)"/.exec(attributes)?.[1] ?? '';
  const role = (kind: string) => new RegExp(`(?:^| )${kind}-([a-z]+)`).exec(classes)?.[1] as Role | undefined;
  return {
    fg: /(?:^|;)color:([^;]+)/.exec(style)?.[1] ?? above.fg,
    bg: /(?:^|;)background(?:-color)?:([^;]+)/.exec(style)?.[1] ?? outer.bg,
    fgRole: role('fg') ?? outer.fgRole,
    bgRole: role('bg') ?? outer.bgRole,
    font: /(?:^|;)font-family:([^;]+)/.exec(style)?.[1] ?? above.font,
  };
}

function asShown(text: string, { fg, bg, fgRole, bgRole, font }: Frame): Shown {
  const pair = (shade: 'light' | 'dark') => [PALETTE[fgRole][shade], PALETTE[bgRole][shade]] as const;
  return { text, inline: [fg, bg], light: pair('light'), dark: pair('dark'), font };
}

describe.each(mails)('%s, in any mail program', (_name, html) => {
  test('is shown whole by Gmail, which cuts at 102 KB', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  test('has no script, and nothing that is fetched from elsewhere', () => {
    const wanting = html.match(
      /<(?:script|img|link|iframe|object|embed|form|input|a|base|svg|video)\b|\son[a-z]+=|\b(?:src|href|srcset|action|background)=|<[^>]*\b(?:https?|cid|data|javascript):|url\(|@import/gi,
    );
    expect(wanting).toBeNull();
  });

  test('is laid out by tables alone, with what Outlook’s Word engine knows', () => {
    expect(html.match(/\b(?:flex|grid|float|position|border-radius|box-shadow|transform)\b/g)).toBeNull();
    const tables = html.match(/<table [^>]*>/g) ?? [];
    const plain = tables.filter(
      (tag) =>
        !/role="presentation" width="(?:600|100%)" cellPadding="0" cellSpacing="0" border="0"/i.test(tag),
    );
    expect(tables.length).toBeGreaterThan(2);
    expect(plain).toEqual([]);
  });

  test('can be read in light and dark: contrast of at least 4.5 (WCAG 2.2, 1.4.3)', () => {
    const faint = shownTexts(html).filter(
      ({ light, dark }) => contrast(...light) < 4.5 || contrast(...dark) < 4.5,
    );
    expect(faint).toEqual([]);
  });

  test('needs its style sheet for the dark alone: without it, it is what the light one is', () => {
    const texts = shownTexts(withoutStyleSheet(html));
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter(({ inline, light }) => inline.join() !== light.join())).toEqual([]);
  });

  test('each text has its font and colour from within its cell, for Word hands neither down into one', () => {
    expect(shownTexts(html).filter(({ font, inline }) => font === null || inline[0] === '')).toEqual([]);
  });
});

test('what is looked for would be found', () => {
  const evil =
    '<body style="background-color:#ffffff"><p class="fg-line" style="color:#dfe3e8">faint</p></body>';
  const [faint] = shownTexts(evil);
  expect(faint).toMatchObject({ text: 'faint', inline: ['#dfe3e8', '#ffffff'], font: null });
  expect(contrast(...(faint?.light ?? ['#000000', '#ffffff']))).toBeLessThan(4.5);
});
