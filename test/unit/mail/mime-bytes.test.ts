import { assert, asyncProperty, constantFrom, integer, oneof, option, string, tuple } from 'fast-check';
import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { buildMime } from '../../../mail/mime.ts';
import { mimeBytes } from '../../../mail/mime-bytes.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { anyText } from '../../fakes/any-text.ts';

const FROM = { name: 'Tocsin at Contoso', address: 'tocsin@contoso.example' };

/** What bodies are made of: what an encoding has to treat apart, and anything else. */
const PIECES = oneof(
  string({ unit: 'grapheme', maxLength: 120 }),
  anyText({ maxLength: 40 }),
  constantFrom(
    '\r\n',
    '\n',
    '\r',
    '.',
    '.\r\n',
    ' \r\n',
    '\t\n',
    '=',
    '=3D',
    '=\r\n',
    '--',
    'From ',
    ' ',
    '\u00a0',
    '😀',
  ),
  tuple(constantFrom('x', 'ä', '語', '😀', 'word ', '=', '.'), integer({ min: 1, max: 1200 })).map(
    ([unit, times]) => unit.repeat(times),
  ),
);
const BODY = tuple(PIECES, PIECES, PIECES, PIECES).map((pieces) => pieces.join(''));

function options(text: string, html: string | null): MailComposerOptions {
  return {
    from: FROM,
    to: 'it@contoso.example',
    subject: 'ä subject',
    date: new Date(0),
    messageId: '<one@contoso.example>',
    text,
    ...(html === null ? {} : { html }),
    baseBoundary: 'boundary',
    newline: 'windows',
  };
}

/** Quoted-printable may break its lines anywhere (RFC 2045 6.7); all else must be the same. */
const unbroken = (mime: string) => mime.replaceAll('=\r\n', '');
const longest = (mime: string) => Math.max(...mime.split('\r\n').map((line) => line.length));
const byNodemailer = async (given: MailComposerOptions) =>
  (await new MailComposer(given).compile().build()).toString('latin1');
const crlf = (given: string) => given.replace(/\r\n|\r|\n/g, '\r\n');

describe('the bytes of a mail', () => {
  test('are those that nodemailer writes through its streams', async () => {
    const property = asyncProperty(BODY, option(BODY), async (text, html) => {
      const given = () => options(crlf(text), html === null ? null : crlf(html));
      const mime = await mimeBytes(given());
      expect(unbroken(mime)).toBe(unbroken(await byNodemailer(given())));
      expect(longest(mime)).toBeLessThanOrEqual(76);
    });
    await assert(property, { numRuns: 300 });
  });

  test('say, read by a mail program, what was written', async () => {
    const property = asyncProperty(BODY, option(BODY), async (text, html) => {
      const message = sampleMessage({ text, html: html === null ? null : `<p>${html}</p>` });
      const mail = await PostalMime.parse(Buffer.from(await buildMime(message, FROM), 'latin1'));
      // NUL is left out, line ends are those of mail, and a last one may be added.
      const same = (given: string) =>
        given
          .replaceAll('\u0000', '')
          .replace(/\r\n|\r/g, '\n')
          .replace(/\n+$/, '');
      expect(same(mail.text ?? '')).toBe(same(text));
      if (html !== null) expect(same(mail.html ?? '')).toBe(same(`<p>${html}</p>`));
    });
    await assert(property, { numRuns: 200 });
  });

  test.each([
    ['a long part', options('words and words '.repeat(9000), null)],
    ['a long part of other letters', options('語'.repeat(60_000), null)],
    [
      'an attachment',
      {
        ...options('text', null),
        attachments: [{ filename: 'a.bin', content: Buffer.from([0, 10, 13]) }],
      },
    ],
    ['no text', options('', '<p>html alone</p>')],
    ['nothing at all', options('', null)],
  ])('with %s are those too', async (_name, given) => {
    expect(unbroken(await mimeBytes({ ...given }))).toBe(unbroken(await byNodemailer({ ...given })));
  });
});
