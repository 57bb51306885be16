import { type Reading, unknown } from '../../../shared/model/sample.ts';

const ERRNO_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EIO: 'input/output error',
  ELOOP: 'too many symbolic links',
  EMFILE: 'this program has too many files open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'the computer has too many files open',
  ENOENT: 'it does not exist',
  ENOTDIR: 'part of the path is not a folder',
  ESTALE: 'the server no longer knows it',
};

/** The system's code of an error, such as ENOENT; null where it carries none. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Why something failed, in a few words and without a stack. */
export function failureText(error: unknown): string {
  const code = errorCode(error);
  if (code !== null && ERRNO_WORDS[code] !== undefined) return ERRNO_WORDS[code];
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

/** Takes one reading; what goes wrong makes it unknown, so that one bad file spoils no other reading. */
export function attempt(read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    return unknown(failureText(error));
  }
}
