import { CommandFailure, EXIT } from './exit.ts';

/** What people can do about a code of the system; the rest is said by its own words. */
const MENDS: Readonly<Record<string, string>> = {
  EACCES: 'Run it as a user who may, or choose another folder.',
  EPERM: 'Run it as a user who may, or choose another folder.',
  EROFS: 'That place cannot be written to; choose another folder.',
  ENOSPC: 'Free some space on that disk.',
  EDQUOT: 'Free some space, or have the quota raised.',
  ENOENT: 'Check the path.',
  ENOTDIR: 'Check the path: a part of it is a file, not a folder.',
  EEXIST: 'Check the path: something else has that name already.',
};

/**
 * The failure of a file, a port or the database as the system tells it, as the end of a command: it cannot run. Null
 * for what is a fault of Tocsin's own.
 */
export function systemFailure(error: unknown): CommandFailure | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const { code } = error;
  if (code === 'ERR_SQLITE_ERROR') {
    const why = 'errstr' in error ? String(error.errstr) : error.message;
    const text = `The database in the data folder cannot be used: ${why}. Check the disk, and that this user may read and write there.`;
    return new CommandFailure(EXIT.cannot, text, { code });
  }
  if (!('syscall' in error) || !/^E[A-Z0-9]+$/.test(code)) return null;
  const text = `Tocsin cannot go on: ${error.message}. ${MENDS[code] ?? ''}`.trimEnd();
  return new CommandFailure(EXIT.cannot, text, { code });
}
