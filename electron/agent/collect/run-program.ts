import { withDeadline } from './deadline.ts';
import type { Clock } from '../../../shared/model/clock.ts';

/** What a program said, and how it ended. */
export interface ProgramOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system without a shell. Rejects where it cannot be started or does not end in time. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<ProgramOutput>;

const DEADLINE_MS = 10_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Runs programs in the language C, so that their words can be read; kills what takes longer than 10 s. */
export function createProgramRunner(clock: Clock): RunProgram {
  return async (program, args) => {
    const { execFile } = await import('node:child_process');
    const stop = new AbortController();
    const output = new Promise<ProgramOutput>((resolve, reject) => {
      const options = {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0' },
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        signal: stop.signal,
        windowsHide: true,
      } as const;
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve({ status: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ status: error.code, stdout, stderr });
        else reject(error);
      });
    });
    const name = program.replace(/^.*[\\/]/, '');
    try {
      return await withDeadline(
        clock,
        output,
        DEADLINE_MS,
        `${name} did not end within ${DEADLINE_MS / 1000} s`,
      );
    } finally {
      stop.abort();
    }
  };
}
