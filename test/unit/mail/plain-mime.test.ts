import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  option,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composerOptions, partsOf } from '../../../mail/mime.ts';
import { mimeBytes } from '../../../mail/mime-bytes.ts';
import { plainMime } from '../../../mail/plain-mime.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';

/** Mostly plain, with what a header or a body has to treat apart. */
const WORDS = array(
  oneof(
    {
      weight: 30,
      arbitrary: constantFrom('Disk', 'nearly full', ' ', '  ', 'on front-desk', '93 %', ':', ','),
    },
    { weight: 1, arbitrary: constantFrom('"', '\\', '=?', '=', '\t', 'ä', '😀', '<', '(x)', '\u007f') },
    {
      weight: 1,
      arbitrary: tuple(constantFrom('x', 'word '), integer({ min: 1, max: 90 })).map(([unit, times]) =>
        unit.repeat(times),
      ),
    },
  ),
  { maxLength: 9 },
).map((words) => words.join(''));

const BODY = array(
  oneof(
    WORDS,
    constantFrom(
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      ' \r\n',
      '.',
      '.\r\n',
      'From ',
      '=3D',
      '<p class="x">',
      '</p>',
    ),
    integer({ min: 70, max: 320 }).map((length) => 'y'.repeat(length)),
    string({ unit: 'binary', maxLength: 20 }),
  ),
  { maxLength: 12 },
).map((pieces) => pieces.join(''));

const ADDRESS = oneof(
  {
    weight: 12,
    arbitrary: constantFrom(
      'it@contoso.example',
      "o'neil+tag@mail.contoso.example",
      'root@localhost',
      'a.very.long.name.that.takes.room@a-very-long-name.of-a-department.contoso.example',
    ),
  },
  {
    weight: 1,
    arbitrary: constantFrom('IT@Contoso.Example', 'it@xn--jgeva-dua.example', 'it@10.0.0.1', 'it@1.example'),
  },
);

const MESSAGE = tuple(
  WORDS,
  BODY,
  option(BODY),
  array(ADDRESS, { minLength: 1, maxLength: 6 }),
  constantFrom(0, 1, 5),
).map(([subject, text, html, recipients, count]) =>
  sampleMessage({
    subject,
    text,
    html,
    recipients,
    references: Array.from({ length: count }, (_, index) => `reference-${index}@front-desk.contoso.example`),
    channel: count === 1 ? 'sms' : 'email',
    priority: count === 5 ? 'low' : 'normal',
  }),
);
const FROM = tuple(option(WORDS), ADDRESS).map(([name, address]) => ({ name, address }));
const CONTEXT = tuple(
  option(ADDRESS),
  constantFrom(null, 'https://x.example/u?a=b', 'https://x.example/=?"'),
).map(([replyTo, unsubscribeUrl]) => ({ replyTo, unsubscribeUrl }));

/** Quoted-printable may break its lines anywhere (RFC 2045 6.7); all else must be the same. */
const unbroken = (mime: string) => mime.replaceAll('=\r\n', '');

describe('a mail that is written without nodemailer', () => {
  test('is what nodemailer writes', async () => {
    let written = 0;
    const property = asyncProperty(MESSAGE, FROM, CONTEXT, async (message, from, context) => {
      const parts = partsOf(message, from, context);
      const mime = plainMime(parts);
      if (mime === null) return;
      written++;
      expect(unbroken(mime)).toBe(unbroken(await mimeBytes(composerOptions(parts, []))));
    });
    await assert(property, { numRuns: 2000 });
    expect(written).toBeGreaterThan(300);
  });

  test.each([
    ['text', { html: null }],
    ['text and HTML', {}],
    ['lines of 77 characters', { html: null, text: `${'x'.repeat(77)}\r\n`.repeat(51) }],
    ['an answer to others', { references: ['root@x.example', 'last@x.example'] }],
    ['letters of other languages in it', { text: 'Die Platte läuft voll: 語', html: '<p>läuft voll</p>' }],
  ])('is any with %s', (_name, changes) => {
    const parts = partsOf(
      sampleMessage(changes),
      { name: 'Tocsin', address: 'tocsin@contoso.example' },
      {
        replyTo: null,
        unsubscribeUrl: null,
      },
    );
    expect(plainMime(parts)).not.toBeNull();
  });

  test('has no line longer than mail may have', () => {
    const text = [74, 75, 76, 77, 78, 150, 151, 152, 153].map((length) => 'z'.repeat(length)).join('\r\n');
    const parts = partsOf(
      sampleMessage({ html: null, text }),
      { name: null, address: 'tocsin@contoso.example' },
      {
        replyTo: null,
        unsubscribeUrl: null,
      },
    );
    const lines = plainMime(parts)?.split('\r\n') ?? [];
    expect(Math.max(...lines.map((line) => line.length))).toBe(76);
    expect(lines.every((line) => line !== '=')).toBe(true);
  });
});
