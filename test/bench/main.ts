/**
 * `npm run bench`: what Tocsin costs, each figure beside something named, in the same run; `--help` says more. Not a test:
 * nothing fails on a figure.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { missingReason } from '../integration/support/debian-package.ts';
import { childrenPart } from './children.ts';
import { cpuPart } from './cpu.ts';
import { itemsPart } from './items.ts';
import { latencyPart } from './latency.ts';
import { apart, machine } from './machine.ts';
import { memoryPart } from './memory.ts';
import { queuePart } from './queue.ts';
import { relayPart } from './relay.ts';
import { type BenchPart, markdown, type PartReport } from './report.ts';
import { startWatchers } from './running-watchers.ts';
import { soakPart } from './soak.ts';
import { startPart } from './start.ts';
import { withSections } from './page.ts';

/** In this order: what is sensitive to other load first, tracing late. */
const PARTS: readonly BenchPart[] = [
  startPart,
  latencyPart,
  itemsPart,
  cpuPart,
  memoryPart,
  childrenPart,
  queuePart,
  relayPart,
  soakPart,
];
const NAMES = PARTS.map(({ name }) => name);

const command = new Command('bench')
  .description('Measures what Tocsin costs, each figure beside something named, in the same run.')
  .addArgument(new Argument('[parts...]', 'some parts; all where none is named').choices(NAMES))
  .option('--write', 'puts the result into docs/benchmarks.md; sections of parts that did not run stay')
  .option('--memory-minutes <minutes>', 'how long memory is watched, 1 to 1440', '5')
  .parse();
const values = command.opts<{ write?: true; memoryMinutes: string }>();
const wanted = command.args.length === 0 ? NAMES : command.args;
const memoryMinutes = Number(values.memoryMinutes);
if (!Number.isInteger(memoryMinutes) || memoryMinutes < 1 || memoryMinutes > 1440) {
  console.error('--memory-minutes must be a whole number from 1 to 1440.');
  process.exit(2);
}

/** Started when the first part asks for it. */
const started: ReturnType<typeof startWatchers>[] = [];
const scene = {
  memoryMinutes,
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

const words = process.argv.slice(2);
const whole = command.args.length === 0;
const sections = reports.map((report) => markdown(whole ? report : apart(report, words)));
console.log(['# Benchmarks', machine(words), ...sections].join('\n\n'));
if (values.write && unavailable === null) {
  const path = join(resolve(import.meta.dirname, '../../docs'), 'benchmarks.md');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const titles = PARTS.map(({ title }) => title);
  writeFileSync(
    path,
    withSections(before, whole ? ['# Benchmarks', machine(words)].join('\n\n') : null, titles, sections),
  );
}
process.exitCode = unavailable === null && reports.every((report) => !('skipped' in report)) ? 0 : 1;
