/** `npm run docs`: writes docs/metrics.md, docs/mails.md, docs/smtp-sentences.md and the templates in docs/settings.md. A unit test fails when they are out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mailsPage } from './docs/mails-page.ts';
import { metricsPage } from './docs/metrics-page.ts';
import { smtpSentencesPage } from './docs/smtp-sentences-page.ts';
import { withTemplates } from './docs/templates-section.ts';

const docsDir = resolve(import.meta.dirname, '../docs');
const settingsPath = resolve(docsDir, 'settings.md');
writeFileSync(resolve(docsDir, 'metrics.md'), metricsPage());
writeFileSync(resolve(docsDir, 'mails.md'), mailsPage());
writeFileSync(resolve(docsDir, 'smtp-sentences.md'), smtpSentencesPage());
writeFileSync(settingsPath, withTemplates(readFileSync(settingsPath, 'utf8')));
console.log(`metrics.md, mails.md, smtp-sentences.md and settings.md in ${docsDir} are written`);
