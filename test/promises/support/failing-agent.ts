import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** One call that fails, of those that change files. Counted on the main thread, where all such calls are made. */
export interface WriteFault {
  readonly call: string;
  readonly error: string;
  /** The how manieth of these calls it is, from 1. */
  readonly when: number;
}

/** Calls that change files, and what they fail with in turn. A call to open is one only where it may create or write. */
const WRITE_CALLS: readonly (readonly [call: string, errors: readonly string[]])[] = [
  ['pwrite64', ['EIO', 'ENOSPC']],
  ['write', ['ENOSPC', 'EIO']],
  ['fsync', ['EIO']],
  ['fdatasync', ['EIO']],
  ['ftruncate', ['EIO', 'ENOSPC']],
  ['openat', ['EROFS', 'ENOSPC']],
  ['rename', ['EIO', 'ENOSPC']],
  ['unlink', ['EIO', 'EROFS']],
];

/** An agent under strace on its main thread: one of its calls fails, or all are written down. */
export interface FailingAgent {
  readonly hasEnded: () => boolean;
  readonly said: () => string;
  /** SIGTERM, as an administrator would; its exit status. */
  readonly stop: () => Promise<number | null>;
}

/** Starts the agent. `journal`: where strace writes down the calls. */
export function startFailingAgent(dataDir: string, journal: string, fault: WriteFault | null): FailingAgent {
  const calls = WRITE_CALLS.map(([call]) => call).join(',');
  const filter =
    fault === null
      ? ['-e', `trace=${calls}`]
      : [
          '-e',
          `trace=${fault.call}`,
          '-e',
          'signal=SIGTERM',
          '-e',
          `inject=${fault.call}:error=${fault.error}:when=${fault.when}`,
        ];
  const child: ChildProcess = spawn(
    'strace',
    // -D: the agent is our child, and strace its own affair, so that signals and the exit status are the agent's.
    [
      '-D',
      '-qq',
      '-y',
      '-s',
      '0',
      '-o',
      journal,
      ...filter,
      process.execPath,
      'bin/tocsin.js',
      'run',
      '--no-console',
      '--data-dir',
      dataDir,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  let over = false;
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<number | null>((done) => {
    child.once('close', (status) => {
      over = true;
      done(status);
    });
  });
  return {
    hasEnded: () => over,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      const status = await ended;
      clearTimeout(timer);
      return status;
    },
  };
}

/** What is known of the call that failed: null where it never came. */
export interface Hit {
  /** Why its failure may pass without a word; null where it has to be spoken of. */
  readonly silentBecause: string | null;
  /** The call itself, as strace wrote it down. */
  readonly line: string;
}

/** Finds the call that failed in what strace wrote down. */
export function hitIn(journal: string, dataDir: string): Hit | null {
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
  const index = lines.findIndex((line) => line.includes('(INJECTED)'));
  const line = lines[index];
  if (line === undefined) return null;
  const isOver = lines.slice(0, index).some((before) => before.startsWith('--- SIGTERM'));
  const silentBecause = isOver
    ? 'at the orderly end all that counts is in the log of the database, which the next start reads'
    : line.includes('settings.json.last-good')
      ? 'the copy made before stands in for damaged settings'
      : line.includes('agent.lock')
        ? 'the lock holds by the file that is open'
        : line.startsWith('fsync') && line.includes(`<${dataDir}>`)
          ? 'some file systems cannot sync a folder; what it names is synced'
          : !line.includes(dataDir)
            ? 'it is no file of the folder'
            : !mayChange(line)
              ? 'it opened something to read it: calls do not come in the same order in each run'
              : line.includes('/tocsin.db>')
                ? 'a checkpoint, which is made again: what it writes stands in the log of the database'
                : null;
  return { silentBecause, line };
}

/** Every call that changed a file of the folder, as faults to try, from what strace wrote down. */
export function writeSites(journal: string, dataDir: string): readonly WriteFault[] {
  const counts = new Map<string, number>();
  const sites: WriteFault[] = [];
  for (const line of readFileSync(journal, 'utf8').split('\n')) {
    const call = /^(\w+)\(/.exec(line)?.[1];
    const errors = WRITE_CALLS.find(([name]) => name === call)?.[1];
    if (call === undefined || errors === undefined) continue;
    const when = (counts.get(call) ?? 0) + 1;
    counts.set(call, when);
    if (!mayChange(line) || !line.includes(dataDir)) continue;
    const error = errors[when % errors.length];
    if (error !== undefined) sites.push({ call, error, when });
  }
  return sites;
}

/** Whether a call can change a file: one that opens it can where it may create or write. */
function mayChange(line: string): boolean {
  return !line.startsWith('openat') || /O_CREAT|O_WRONLY|O_RDWR/.test(line);
}
