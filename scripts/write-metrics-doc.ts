/** `npm run docs`: writes docs/metrics.md. A unit test fails when it is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { metricsPage } from './docs/metrics-page.ts';

const path = resolve(import.meta.dirname, '../docs/metrics.md');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, metricsPage());
console.log(`${path} is written`);
