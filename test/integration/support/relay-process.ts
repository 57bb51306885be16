import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const BIN = join(resolve(import.meta.dirname, '../../..'), 'bin/tocsin-relay.js');

/** The built `tocsin-relay` on a data folder of its own. */
export interface RelayProcess {
  readonly url: string;
  /** Runs one command on the data folder and gives its stdout; it must succeed. */
  readonly must: (...words: string[]) => Promise<string>;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<void>;
  /** SIGKILL, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; its exit status. */
  readonly stop: () => Promise<number | null>;
}

export function createRelayProcess(dataDir: string, port: number, words: readonly string[]): RelayProcess {
  if (!existsSync(join(BIN, '../../dist/relay/relay.cjs')))
    throw new Error('dist/relay/relay.cjs is not there: run `npm run build` first');
  let child: ChildProcess | null = null;
  let ended: Promise<number | null> = Promise.resolve(null);
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child?.kill(signal);
    const status = await ended;
    child = null;
    return status;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    must: (...given) =>
      new Promise((done, fail) => {
        execFile(process.execPath, [BIN, ...given, '--data-dir', dataDir], (error, stdout, stderr) =>
          error ? fail(new Error(`${given.join(' ')}: ${stderr}`)) : done(stdout),
        );
      }),
    start: () =>
      new Promise((done, fail) => {
        const started = spawn(
          process.execPath,
          [BIN, 'serve', '--port', String(port), '--data-dir', dataDir, ...words],
          { stdio: ['ignore', 'pipe', 'pipe'] },
        );
        let said = '';
        child = started;
        ended = new Promise((resolve) => started.once('close', (status) => resolve(status)));
        started.stderr.on('data', (chunk) => (said = `${said}${String(chunk)}`.slice(-4000)));
        // One line is printed once it listens.
        started.stdout.once('data', () => done());
        started.once('close', () => fail(new Error(`The relay ended before it listened: ${said}`)));
      }),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
