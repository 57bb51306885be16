import { assert, asyncProperty, constantFrom, oneof } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildMime } from '../../../mail/mime.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { anyText } from '../../fakes/any-text.ts';

const FROM = { name: 'Tocsin at Contoso', address: 'tocsin@contoso.example' };

async function headersOf(...args: Parameters<typeof buildMime>): Promise<string[]> {
  const mime = await buildMime(...args);
  return (mime.split('\r\n\r\n', 1)[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

const NAMES = (headers: readonly string[]): string[] =>
  headers.map((line) => line.split(':', 1)[0] ?? '').sort();

describe('a mail', () => {
  test('bears its headers', async () => {
    const references = ['root@x.example', 'last@x.example'];
    const headers = await headersOf(sampleMessage({ references }), FROM);
    const fixed = headers.map((line) => line.replace(/boundary=".+"$/, 'boundary'));
    const expected = [
      'Auto-Submitted: auto-generated',
      'Content-Type: multipart/alternative; boundary',
      'Date: Mon, 05 Jan 2026 08:00:00 +0000',
      'From: Tocsin at Contoso <tocsin@contoso.example>',
      'Importance: high',
      'In-Reply-To: <last@x.example>',
      'MIME-Version: 1.0',
      'Message-ID: <0198c0de-0000-7000-8000-000000000001@front-desk.contoso.example>',
      'References: <root@x.example> <last@x.example>',
      'Subject: [CRITICAL] front-desk: Disk nearly full, / is 93 % used',
      'To: it@contoso.example',
      'X-Auto-Response-Suppress: All',
      'X-Priority: 1',
      'X-Tocsin-Id: 0198c0de-0000-7000-8000-000000000001',
      'X-Tocsin-Kind: alert',
    ];
    expect(fixed.sort()).toEqual(expected);
  });

  test('is the same bytes each time', async () => {
    const message = sampleMessage();
    expect(await buildMime(message, FROM)).toEqual(await buildMime(message, FROM));
  });

  test('is plain text alone where there is no HTML', async () => {
    const headers = await headersOf(sampleMessage({ html: null }), FROM);
    expect(headers.some((line) => line.startsWith('Content-Type: text/plain'))).toBe(true);
  });

  test('to a phone is plain text with few headers', async () => {
    const headers = await headersOf(sampleMessage({ channel: 'sms', text: 'Disk full' }), FROM);
    expect(NAMES(headers)).toEqual(
      [
        'Auto-Submitted',
        'Content-Transfer-Encoding',
        'Content-Type',
        'Date',
        'From',
        'MIME-Version',
        'Message-ID',
        'Subject',
        'To',
      ].sort(),
    );
  });

  test('sent in the name of others says where to answer and how to unsubscribe', async () => {
    const context = { replyTo: 'admin@provider.example', unsubscribeUrl: 'https://relay.example/u/1' };
    const headers = await headersOf(sampleMessage(), FROM, context);
    expect(headers).toContain('Reply-To: admin@provider.example');
    expect(headers).toContain('List-Unsubscribe: <https://relay.example/u/1>');
    expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  test('can neither read a file nor fetch a page', async () => {
    const path = { path: '/etc/passwd' } as unknown as string;
    await expect(buildMime(sampleMessage({ text: path, html: null }), FROM)).rejects.toThrow(TypeError);
  });

  test('whatever is in it: the same headers, CRLF, no line over 998, ends of lines whole', async () => {
    const expected = NAMES(await headersOf(sampleMessage({ references: ['a@b.example'] }), FROM));
    const nasty = oneof(
      anyText({ maxLength: 300 }),
      constantFrom(
        'x\r\nBcc: evil@x.example\r\n\r\nbody',
        'x\nX-Evil: 1',
        'x\rX-Evil: 1',
        'y'.repeat(3000),
        'ü'.repeat(2000),
        '\u2028Bcc: e@x',
        '.\r\n.\r\nMAIL FROM:<x>',
        '\u0000',
      ),
    );
    const property = asyncProperty(nasty, nasty, nasty, nasty, async (subject, text, html, name) => {
      const message = sampleMessage({
        subject: `s ${subject}`,
        text,
        html: `<p>${html}</p>`,
        id: subject,
        messageId: text,
        references: [html, 'a@b.example'],
        recipients: ['it@contoso.example', name],
      });
      const mime = await buildMime(message, { ...FROM, name });
      expect(NAMES(await headersOf(message, { ...FROM, name }))).toEqual(expected);
      expect(mime).not.toMatch(/[^\r]\n|\r[^\n]/);
      expect(Math.max(...mime.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    });
    await assert(property, { numRuns: 40 });
  });

  test('to 200 recipients keeps its lines short', async () => {
    const recipients = Array.from(
      { length: 200 },
      (_, index) => `${'a'.repeat(60)}${index}@${'b.'.repeat(80)}example`,
    );
    const mime = await buildMime(sampleMessage({ recipients }), FROM);
    expect(Math.max(...mime.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(mime.replace(/\s/g, '')).toContain(recipients[199] ?? 'none');
  });
});
