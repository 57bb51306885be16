import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { missingReason } from '../../integration/support/debian-package.ts';

/** Why strace cannot be used here, after Debian's was installed where that may be done; null where it can. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return 'strace is a Linux program';
  const missing = missingReason({ strace: ['strace'] });
  if (missing !== null) return missing;
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: ['ignore', 'ignore', 'pipe'] });
    return null;
  } catch {
    return 'this system does not let one process trace another (ptrace)';
  }
}

/** Makes every write of a running process into its database fail, until it is called off. */
export async function failWrites(
  pid: number,
  errorName: 'EIO' | 'EROFS' | 'ENOSPC',
): Promise<() => Promise<void>> {
  const calls = 'pwrite64,ftruncate,fallocate';
  const child = spawn(
    'strace',
    [
      '-f',
      '-p',
      String(pid),
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${calls}:error=${errorName}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await attached(child);
  return async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
  };
}

function attached(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('attached')) resolve();
    });
    child.once('close', () => reject(new Error(`strace could not attach: ${said}`)));
  });
}
