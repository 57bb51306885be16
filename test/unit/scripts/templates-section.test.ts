import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { withTemplates } from '../../../scripts/docs/templates-section.ts';
import { parseSettings } from '../../../shared/contract/settings-rules.ts';
import { ALERT_TEMPLATES } from '../../../shared/templates.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/settings.md'), 'utf8').replaceAll(
  '\r\n',
  '\n',
);

test('docs/settings.md shows the templates as they are; `npm run docs` writes them', () => {
  expect(page).toBe(withTemplates(page));
});

test('what the page offers to paste is taken in as it stands', () => {
  const section = /^## Templates$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
  const alerts = [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json = '']) => JSON.parse(json) as unknown,
  );
  expect(alerts).toHaveLength(ALERT_TEMPLATES.length);
  expect(parseSettings({ version: 1, alerts }, { cronFault: () => null })).toMatchObject({ ok: true });
});

test('a page without a place for them is refused', () => {
  expect(() => withTemplates('# Settings\n')).toThrow('no place for templates');
});
