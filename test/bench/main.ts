/**
 * `npm run bench`: what Tocsin costs, each figure beside something named, in the same run. Not a test: nothing fails
 * on a figure. `--only cpu,start` runs some parts; `--write` puts the result into docs/benchmarks.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingReason } from '../integration/support/debian-package.ts';
import { childrenPart } from './children.ts';
import { cpuPart } from './cpu.ts';
import { machine } from './machine.ts';
import { memoryPart } from './memory.ts';
import { queuePart } from './queue.ts';
import { relayPart } from './relay.ts';
import { type BenchPart, markdown, type PartReport } from './report.ts';
import { startWatchers } from './running-watchers.ts';
import { startPart } from './start.ts';

/** In this order: what is sensitive to other load first, tracing last. */
const PARTS: readonly BenchPart[] = [startPart, cpuPart, memoryPart, childrenPart, queuePart, relayPart];

const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const wanted = values.only?.split(',') ?? PARTS.map(({ name }) => name);
const unknown = wanted.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(', ')}. There are ${PARTS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

/** Started when the first part asks for it. */
const started: ReturnType<typeof startWatchers>[] = [];
const scene = {
  watchers: () => {
    const running = started[0] ?? startWatchers();
    started[0] = running;
    return running;
  },
};

async function runPart(part: BenchPart): Promise<PartReport> {
  try {
    return await part.run(scene);
  } catch (error) {
    return { title: part.title, skipped: error instanceof Error ? error.message : String(error) };
  }
}

const unavailable =
  process.platform === 'linux'
    ? missingReason({ monit: ['monit'], 'smtp-sink': ['postfix'] })
    : 'this is not Linux';
const reports: PartReport[] = [];
if (unavailable === null) {
  for (const part of PARTS.filter(({ name }) => wanted.includes(name))) {
    console.error(`${part.name} …`);
    reports.push(await runPart(part));
  }
  for (const watchers of await Promise.allSettled(started)) {
    if (watchers.status === 'fulfilled') await watchers.value.dispose();
  }
} else console.error(`Nothing was measured: ${unavailable}`);

const text = ['# Benchmarks', machine(process.argv.slice(2)), ...reports.map(markdown)].join('\n\n');
console.log(text);
if (values.write && unavailable === null) {
  const docsDir = resolve(import.meta.dirname, '../../docs');
  mkdirSync(docsDir, { recursive: true });
  writeFileSync(join(docsDir, 'benchmarks.md'), `${text.trimEnd()}\n`);
}
process.exitCode = unavailable === null && reports.every((report) => !('skipped' in report)) ? 0 : 1;
