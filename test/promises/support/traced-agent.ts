import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** An agent under strace, which kills it at a system call of its choice. */
export interface TracedAgent {
  /** Ends with the agent: by the kill, or by `end`. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** Kills agent and strace where the chosen call never came. */
  readonly end: () => Promise<void>;
}

/** Starts the agent; its `when`th `call` on any of its threads never returns: SIGKILL comes instead. */
export function startTracedAgent(dataDir: string, call: string, when: number): TracedAgent {
  const child: ChildProcess = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:signal=KILL:when=${when}`,
      process.execPath,
      'bin/tocsin.js',
      'run',
      '--no-console',
      '--data-dir',
      dataDir,
    ],
    // A group of its own: killing strace alone would leave the agent.
    { cwd: ROOT, stdio: 'ignore', detached: true },
  );
  let over = false;
  const ended = new Promise<void>((done) => {
    child.once('close', () => {
      over = true;
      done();
    });
  });
  return {
    ended,
    hasEnded: () => over,
    end: async () => {
      if (!over && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}
