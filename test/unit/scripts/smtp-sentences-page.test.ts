import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { smtpSentencesPage } from '../../../scripts/docs/smtp-sentences-page.ts';

test('docs/smtp-sentences.md is what the table says', () => {
  const path = resolve(import.meta.dirname, '../../../docs/smtp-sentences.md');
  expect(readFileSync(path, 'utf8').replaceAll('\r\n', '\n')).toBe(smtpSentencesPage());
});
