import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const BIN = resolve(import.meta.dirname, '../../bin/tocsin.js');
const execute = promisify(execFile);

/** Runs a command of Tocsin on the demo's data folder and reads its JSON answer, whatever the exit status. */
export async function tocsin(dataDir: string, ...words: string[]): Promise<unknown> {
  const run = await execute(process.execPath, [BIN, ...words, '--data-dir', dataDir, '--json'], {
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => error);
  if (run.stdout.trim() === '') throw new Error(`tocsin ${words.join(' ')} said: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** Starts the agent as a process of its own, as a user would; resolves once it answers. */
export async function startAgent(dataDir: string, settingsPath: string): Promise<ChildProcess> {
  const words = [BIN, 'run', '--data-dir', dataDir, '--settings', settingsPath, '--json'];
  const agent = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  agent.stderr.on('data', (chunk) => (complaint += String(chunk)));
  const ended = once(agent, 'exit').then(() => {
    throw new Error(`the agent ended before it was ready: ${complaint}`);
  });
  await Promise.race([once(agent.stdout, 'data'), ended]);
  ended.catch(() => {});
  return agent;
}

export async function stopAgent(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill('SIGTERM');
  await once(agent, 'exit');
}
