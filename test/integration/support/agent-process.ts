import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type LogEntry, parseLog } from './agent-log.ts';
import { makeScratchDir, waitFor } from './scratch.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const STOP_TIMEOUT_MS = 15_000;
/** More than any test makes: `tocsin log` shows only the newest unless told otherwise. */
const LOG_LIMIT = 100_000;

/** Runs the built `tocsin`; another build can be named as a JSON array of words. */
function agentCommand(): readonly string[] {
  const other = process.env['TOCSIN_TEST_COMMAND'];
  return other === undefined
    ? [process.execPath, join(ROOT, 'bin/tocsin.js')]
    : (JSON.parse(other) as readonly string[]);
}

interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder of its own and the agent that runs on it, if it does. */
export interface AgentHarness {
  /** The temp folder: settings, and files for alerts to watch. */
  readonly dir: string;
  readonly dataDir: string;
  /** Writes a settings file and returns its path. */
  readonly writeSettings: (settings: unknown) => string;
  /** Runs one command on the data folder, by the agent if one runs, else directly. */
  readonly run: (command: string, ...words: string[]) => Promise<CommandResult>;
  /** As `run`, for a command that must succeed. */
  readonly must: (command: string, ...words: string[]) => Promise<string>;
  readonly log: () => Promise<LogEntry[]>;
  readonly status: () => Promise<Record<string, unknown>>;
  /** Starts the agent and returns its process id at once. */
  readonly start: (...words: string[]) => number;
  /** Waits until it has measured for the first time since it was started. */
  readonly ready: () => Promise<void>;
  /** Whether it was started and has not ended by itself. */
  readonly alive: () => boolean;
  /** Ends it at once, as a power cut would (SIGKILL), and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Ends it as an administrator would (SIGTERM); its exit status. */
  readonly stop: () => Promise<number | null>;
  /** What the agent has said on stdout and stderr since it was started. */
  readonly said: () => string;
  /** Stops reading what it says, as a log collector does that dies. */
  readonly closeOutput: () => void;
  /** Ends it if it runs, and removes the folder. */
  readonly dispose: () => Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly startedAt: number;
  readonly ended: Promise<number | null>;
  said: string;
}

/** Makes a data folder for an agent; nothing runs yet. The web console is left out unless it is asked for. */
export function createAgentHarness(label = 'tocsin-agent', withConsole = false): AgentHarness {
  const scratch = makeScratchDir(label);
  const dataDir = join(scratch.dir, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const [program = '', ...fixed] = agentCommand();
  if (!existsSync(fixed.at(-1) ?? program))
    fail(`${fixed.at(-1) ?? program} is not there: run \`npm run build\` first`);
  let running: Running | null = null;

  const run = (command: string, ...words: string[]) =>
    runCommand(program, [...fixed, command, '--data-dir', dataDir, ...words]);
  const must = async (command: string, ...words: string[]) => {
    const { status, stdout, stderr } = await run(command, ...words);
    if (status !== 0)
      throw new Error(`tocsin ${command} ${words.join(' ')} ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  };
  const status = async () => JSON.parse(await must('status', '--json')) as Record<string, unknown>;
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (running === null) return null;
    const { child, ended } = running;
    child.kill(signal);
    // An agent that ignores SIGTERM would hold up the tests for ever; the status tells.
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const exitStatus = await ended;
    clearTimeout(timer);
    running = null;
    return exitStatus;
  };

  return {
    dir: scratch.dir,
    dataDir,
    run,
    must,
    status,
    writeSettings: (settings) => {
      const path = join(scratch.dir, 'settings.json');
      writeFileSync(path, JSON.stringify(settings, null, 1), { mode: 0o600 });
      return path;
    },
    log: async () => parseLog(await must('log', '--json', '--limit', String(LOG_LIMIT))),
    start: (...words) => {
      if (running !== null) throw new Error('This agent runs already');
      const without = withConsole ? [] : ['--no-console'];
      running = startChild(program, [...fixed, 'run', '--data-dir', dataDir, ...without, ...words]);
      return running.child.pid ?? 0;
    },
    ready: async () => {
      const { child, startedAt } = running ?? fail('The agent was not started');
      await waitFor(
        'the first check of the agent',
        async () => {
          if (child.exitCode !== null) throw new Error(`The agent ended: ${running?.said ?? ''}`);
          const checked = instant(
            ((await status().catch(() => ({}))) as Record<string, unknown>)['lastCheckAt'],
          );
          return checked !== null && checked >= startedAt ? true : null;
        },
        30_000,
        200,
      );
    },
    alive: () => running !== null && running.child.exitCode === null && running.child.signalCode === null,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    said: () => running?.said ?? '',
    closeOutput: () => {
      running?.child.stdout?.destroy();
      running?.child.stderr?.destroy();
    },
    dispose: async () => {
      await end('SIGTERM');
      scratch.remove();
    },
  };
}

function fail(reason: string): never {
  throw new Error(reason);
}

/** Milliseconds of a time that is given as ISO 8601 or as milliseconds. */
function instant(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : null;
}

function startChild(program: string, words: readonly string[]): Running {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
  const running: Running = { child, startedAt: Date.now(), ended, said: '' };
  child.stdout?.on('data', (chunk) => (running.said += String(chunk)));
  child.stderr?.on('data', (chunk) => (running.said += String(chunk)));
  return running;
}

function runCommand(program: string, words: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, timeout: 60_000, maxBuffer: 256 * 1024 * 1024 };
    execFile(program, words, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}
