import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { goldenNames, mailsPage } from '../../../scripts/docs/mails-page.ts';

const docsDir = resolve(import.meta.dirname, '../../../docs');

test('docs/mails.md shows the mails as they are; `npm run docs` writes it', () => {
  expect(readFileSync(resolve(docsDir, 'mails.md'), 'utf8').replaceAll('\r\n', '\n')).toBe(mailsPage());
});

test('there is a picture of every mail in light and dark; `npm run docs:mails` makes them', () => {
  const wanted = goldenNames().flatMap((name) => [`${name}-dark.png`, `${name}-light.png`]);
  expect(readdirSync(resolve(docsDir, 'images/mails')).toSorted()).toEqual(wanted.toSorted());
});
