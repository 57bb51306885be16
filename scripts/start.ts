/** `npm start`: the app. Without what the app needs it says so in one line, and runs the agent with its web console. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { findElectron } from './electron-runtime.ts';
import { startPlan } from './start-plan.ts';

const ROOT = resolve(import.meta.dirname, '..');
const runtime = findElectron(resolve(ROOT, 'node_modules/electron'), process.env);
const plan = startPlan(runtime, process.argv.slice(2), process.env, process.platform);

if (plan.start === 'desktop') {
  const [program, ...words] = plan.command;
  const app = spawn(program, words, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.kill(signal));
  app.once('error', (error) => {
    console.error(
      `The desktop app could not be started: ${error.message}. "npx tocsin run" runs without it.`,
    );
    process.exitCode = 3;
  });
  app.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  console.log(plan.why);
  process.argv.splice(2, process.argv.length - 2, ...plan.words);
  await import(new URL('../bin/tocsin.js', import.meta.url).href);
}
