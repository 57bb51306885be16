import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../shared/model/clock.ts';
import { plainNameFault } from './plain-file.ts';

export interface ProviderRun {
  readonly dir: string;
  /** A plain name in that folder. */
  readonly name: string;
  readonly input: string;
  readonly clock: Clock;
  /** It is killed, with what it has started, after so many milliseconds. */
  readonly limitMs: number;
}

export interface ProviderEnd {
  /** Null where it was killed. */
  readonly status: number | null;
  /** "ended with status 3", and the first line of its stderr. */
  readonly words: string;
}

/** Of what a program says, no more than this is kept, in characters. */
const MOST_WORDS = 300;
/** For so long after its end, what it said may still be on its way. */
const LAST_WORDS_MS = 500;

/** Says why a file is not a program that may be run as a provider; null where it is. */
export function providerFault(dir: string, name: string): string | null {
  const fault = plainNameFault(name);
  if (fault !== null) return `${name} ${fault}`;
  const path = join(dir, name);
  let info: Stats;
  try {
    info = lstatSync(path);
  } catch {
    return `${path} is not there`;
  }
  if (!info.isFile()) return `${path} is not a plain file`;
  if (process.platform === 'win32') return null;
  if ((info.mode & 0o022) !== 0) return `${path} may be written to by others than its owner`;
  return (info.mode & 0o111) === 0 ? `${path} is not executable` : null;
}

/** What a program needs to run at all; nothing else of this process's environment is passed on. */
const PASSED_ON = ['PATH', 'HOME', 'TZ', 'LANG', 'SystemRoot', 'TEMP', 'TMP'] as const;

function environment(): Record<string, string> {
  const pairs = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

/**
 * Runs a program without a shell and without arguments, in its own folder. Rejects where it cannot be started. What it
 * writes to stdout is not read.
 */
export async function runProvider(run: ProviderRun): Promise<ProviderEnd> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const isGroup = process.platform !== 'win32';
    const child = spawn(join(run.dir, run.name), [], {
      cwd: run.dir,
      env: environment(),
      shell: false,
      // A group of its own, so that what it has started can be ended with it.
      detached: isGroup,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    let overdue = false;
    let cancel = run.clock.after(run.limitMs, () => {
      overdue = true;
      end();
    });
    const end = () => {
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself.
      }
      child.stderr.destroy();
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < MOST_WORDS) said += text;
    });
    child.stderr.on('error', () => {});
    // A program that does not read its input is none of our business.
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      cancel();
      reject(error);
    });
    let status: number | null = null;
    let signal: NodeJS.Signals | null = null;
    const finish = () => {
      cancel();
      child.stderr.destroy();
      resolve({ status: overdue ? null : status, words: wordsOf(status, signal) + saidAfter(said) });
    };
    const wordsOf = (code: number | null, by: NodeJS.Signals | null) => {
      if (overdue) return `did not end within ${run.limitMs / 1000} s and was killed`;
      return code === null ? `was ended by ${by ?? 'a signal'}` : `ended with status ${code}`;
    };
    child.on('exit', (code, by) => {
      status = code;
      signal = by;
      cancel();
      // Something it has left running may hold its stderr open for ever.
      cancel = run.clock.after(LAST_WORDS_MS, finish);
    });
    child.on('close', finish);
    child.stdin.end(run.input);
  });
}

/** The first line of what it said, as it stands in a log. */
function saidAfter(said: string): string {
  const line = (said.split('\n').find((each) => each.trim() !== '') ?? '')
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  return line === '' ? '' : `: ${line.slice(0, MOST_WORDS)}`;
}
