/** `npm run check`: types, lint, format, architecture, dead code; all at once, each with its time. */
import { spawn } from 'node:child_process';

const CHECKS: readonly (readonly [name: string, command: string])[] = [
  ['types: shared', 'tsc -p shared'],
  ['types: mail', 'tsc -p mail'],
  ['types: electron', 'tsc -p electron'],
  ['types: desktop', 'tsc -p electron/desktop'],
  ['types: relay', 'tsc -p relay'],
  ['types: renderer', 'tsc -p renderer'],
  ['types: test', 'tsc -p test'],
  ['types: e2e', 'tsc -p test/e2e'],
  ['types: scripts', 'tsc -p scripts'],
  ['lint', 'oxlint --type-aware --deny-warnings'],
  ['format', 'biome format'],
  ['architecture', 'vitest run --project architecture --reporter=dot'],
  ['dead code', 'knip'],
];

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly status: number | null;
  readonly output: string;
}

function run(name: string, command: string): Promise<Outcome> {
  const started = performance.now();
  const [program = '', ...words] = command.split(' ');
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve) => {
    const end = (status: number | null) =>
      resolve({ name, seconds: (performance.now() - started) / 1000, status, output });
    child.once('close', end);
    child.once('error', (error) => {
      output += error.message;
      end(null);
    });
  });
}

/** Two at a time: most of these use several threads of their own. */
async function runAll(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...CHECKS];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await run(next[0], next[1]);
      outcomes.push(outcome);
      console.log(
        `${outcome.status === 0 ? 'ok    ' : 'FAILED'} ${outcome.name} (${outcome.seconds.toFixed(1)} s)`,
      );
      if (outcome.status !== 0) console.log(outcome.output.trimEnd());
    }
  };
  await Promise.all([worker(), worker()]);
  return outcomes;
}

const failed = (await runAll()).filter((outcome) => outcome.status !== 0);
if (failed.length > 0) console.log(`\nFailed: ${failed.map((outcome) => outcome.name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
