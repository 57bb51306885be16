import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bounce, BOUNCE_MAX_BYTES, readBounce } from '../../../mail/bounce.ts';

const FOLDER = resolve(import.meta.dirname, '../../fixtures/bounces');
/** What each notification says, written by hand; null for what is none. */
const verdicts = JSON.parse(readFileSync(join(FOLDER, 'verdicts.json'), 'utf8')) as Readonly<
  Record<string, Bounce | null>
>;
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.replace('.eml', ''));

const bytesOf = (name: string) => readFileSync(join(FOLDER, `${name}.eml`));

describe('readBounce', () => {
  test('every notification of the corpus has a verdict, and there are enough of them', () => {
    expect(names.toSorted()).toEqual(Object.keys(verdicts).toSorted());
    expect(names.length).toBeGreaterThanOrEqual(40);
  });

  test.each(names)('%s', async (name) => {
    expect(await readBounce(bytesOf(name))).toEqual(verdicts[name]);
  });

  test.each(names)('%s, with line ends of Unix', async (name) => {
    const text = bytesOf(name).toString('latin1').replaceAll('\r\n', '\n');
    expect(await readBounce(Buffer.from(text, 'latin1'))).toEqual(verdicts[name]);
  });
});

/** Promise I14. */
const LIMIT_MS = 100;

/** By the time of this thread alone: what others do on this computer meanwhile says nothing about the reader. */
async function expectCalm(bytes: Uint8Array): Promise<void> {
  const before = process.threadCpuUsage();
  await readBounce(bytes);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(LIMIT_MS);
}

describe('I14: whatever comes in, it is read calmly', () => {
  const corpus = names.map(bytesOf);

  test('damaged notifications: cut, doubled, flipped', async () => {
    await readBounce(Buffer.from('warm'));
    const damage = fc.record({
      mail: fc.constantFrom(...corpus),
      from: fc.nat(5000),
      length: fc.nat(500),
      what: fc.constantFrom('cut', 'double', 'flip', 'end'),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ mail, from, length, what }) => {
        const at = from % mail.length;
        const part = mail.subarray(at, at + length);
        const before = mail.subarray(0, at);
        const after = mail.subarray(at + length);
        const parts = {
          cut: [before, after],
          double: [before, part, part, after],
          flip: [before, part.map((byte) => byte ^ 0x15), after],
          end: [before],
        }[what];
        await expectCalm(Buffer.concat(parts));
      }),
      { numRuns: 500 },
    );
  });

  test('random bytes and hostile texts', async () => {
    const token = fc.constantFrom(
      'From: MAILER-DAEMON@a.example\r\n',
      'Content-Type: multipart/report; report-type=delivery-status; ',
      'boundary="b"\r\n',
      '\r\n--b\r\n',
      '\r\n',
      ' ',
      '<',
      '>',
      '@',
      'a@b.example',
      ':',
      ';',
      'could not be delivered',
      'Content-Type: message/delivery-status\r\n\r\n',
      'Final-Recipient: rfc822;',
      'Action: failed',
      '\u0000',
      'é',
      '=',
    );
    const text = fc.array(token, { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));
    await fc.assert(fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 2000 })), expectCalm), {
      numRuns: 500,
    });
  });

  const HEAD =
    'From: MAILER-DAEMON@a.example\r\nSubject: failure\r\n\r\nYour mail could not be delivered.\r\n';
  const fill = (text: string) => HEAD + text.repeat(Math.ceil(BOUNCE_MAX_BYTES / text.length));
  test.each([
    ['one endless line', fill('a')],
    ['at signs', fill('a@')],
    ['spaces', fill(' ')],
    ['addresses', fill('<a@b.example>:\r\n')],
    ['digits and dots', fill('5.1.')],
    ['dashes', fill('-')],
    ['marks of quotes', fill('> ')],
    [
      'open tags',
      `From: postmaster@a.example\r\nContent-Type: text/html\r\n\r\n${'<'.repeat(BOUNCE_MAX_BYTES)}`,
    ],
    ['recipients', `${HEAD}${'to '.repeat(BOUNCE_MAX_BYTES / 3)}`],
    ['headers', 'X-A: b\r\n'.repeat(BOUNCE_MAX_BYTES / 8)],
    ['message ids', `${HEAD}Message-ID: ${'<a@b'.repeat(BOUNCE_MAX_BYTES / 4)}`],
    [
      'groups of a status',
      `Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${'a: b\r\n\r\n'.repeat(BOUNCE_MAX_BYTES / 8)}`,
    ],
    [
      'parts in parts',
      Array.from(
        { length: 5000 },
        (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
      ).join(''),
    ],
  ])('512 KB of %s', async (_what, text) => {
    await readBounce(Buffer.from('warm'));
    await expectCalm(Buffer.from(text));
  });
});
