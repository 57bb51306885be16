import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRequest } from '../../../../../electron/agent/file-alerts/request.ts';
import { plainNameFault, readPlainFile } from '../../../../../electron/agent/platform/plain-file.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

describe('a file alert request', () => {
  test('is what the contract says, with defaults', () => {
    expect(parseRequest('{"subject":"Backup failed"}')).toEqual({
      ok: true,
      request: { subject: 'Backup failed', message: '', severity: 'warning', attachments: [] },
    });
  });

  test.each([
    ['no JSON', '{', /not valid JSON/],
    [
      'lists in each other beyond measure',
      `${'['.repeat(65)}${']'.repeat(65)}`,
      /nested deeper than 64 levels/,
    ],
    ['no object', '[]', /The request/],
    ['no subject', '{}', /^subject/],
    ['an unknown key', '{"subject":"a","to":["x@y.example"]}', /^to: is not a known key/],
    ['a subject of two lines', '{"subject":"a\\nBcc: x@y.example"}', /one line/],
    ['an unknown severity', '{"subject":"a","severity":"bad"}', /^severity/],
    ['a path as attachment', '{"subject":"a","attachments":["../secret"]}', /plain file name/],
    ['six attachments', '{"subject":"a","attachments":["1","2","3","4","5","6"]}', /at most 5/],
    ['one attachment twice', '{"subject":"a","attachments":["1","1"]}', /each file once/],
  ])('with %s is refused with the reason', (_rule, text, why) => {
    const parsed = parseRequest(text);
    expect(parsed.ok ? [] : parsed.reasons.join('\n')).toMatch(why);
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseRequest(text)));
  });
});

describe('plain names', () => {
  test.each(['dump.txt', 'a b.log', 'Bericht-2026.pdf', 'ünïcode.txt'])('%s is one', (name) => {
    expect(plainNameFault(name)).toBeNull();
  });

  test.each([
    '',
    '.',
    '..',
    '../a',
    '/etc/passwd',
    'a/b',
    'a\\b',
    'C:a',
    '.hidden',
    'a.',
    'con',
    'NUL.txt',
    'a\nb',
    ' a',
  ])('%j is none', (name) => {
    expect(plainNameFault(name)).not.toBeNull();
  });
});

describe('reading a plain file', () => {
  test('gives its bytes', () => {
    const dir = scratchDir();
    writeFileSync(join(dir, 'a.bin'), Buffer.from([0, 255, 10]));
    expect(readPlainFile(dir, 'a.bin', 10)).toMatchObject({ ok: true, content: Buffer.from([0, 255, 10]) });
  });

  test('refuses links, folders, pipes and what is too large, and says what is missing', () => {
    const dir = scratchDir();
    writeFileSync(join(dir, 'real'), 'x'.repeat(20));
    symlinkSync('/etc/passwd', join(dir, 'symbolic'));
    linkSync(join(dir, 'real'), join(dir, 'hard'));
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    writeFileSync(join(dir, 'large'), 'x'.repeat(20));
    const reason = (name: string) => {
      const read = readPlainFile(dir, name, 10);
      return read.ok ? 'read' : read.reason;
    };
    expect(reason('symbolic')).toMatch(/is a link/);
    expect(reason('hard')).toMatch(/is a link/);
    expect(reason('folder')).toMatch(/not a plain file/);
    expect(reason('pipe')).toMatch(/not a plain file/);
    expect(reason('large')).toMatch(/20 bytes; at most 10/);
    expect(readPlainFile(dir, 'nothing', 10)).toMatchObject({ ok: false, missing: true });
  });
});
