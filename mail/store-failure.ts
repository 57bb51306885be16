/** What a failure of the database means for whoever called it. Result codes: https://sqlite.org/rescode.html */
const SQLITE_ERROR = 1;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
/** The file ends inside of a page. */
const SQLITE_IOERR_SHORT_READ = 522;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** A stored value that the program cannot have written: the file is damaged, though SQLite could read it. */
export class DamagedValue extends Error {
  readonly errcode = SQLITE_CORRUPT;

  constructor(what: string) {
    super(`The database holds ${what} that Tocsin did not write`);
  }
}

/** The disk did not say of what was committed that it has it. */
export class SyncFailure extends Error {
  readonly errcode = SQLITE_IOERR;

  constructor(cause: unknown) {
    super(
      `The disk did not take the database's log (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
}

/** The database is damaged: no later try will read it. */
export function isStoreDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB || isCutShort(error);
}

/** Reads go wrong as on a failing disk, but it is the file that is too short. */
function isCutShort(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_IOERR_SHORT_READ;
}

/** The disk does not take what is to be written: full, read-only or failing. A later try may succeed. */
export function isDiskFailure(error: unknown): boolean {
  if (isCutShort(error)) return false;
  const code = resultCode(error);
  return (
    code === SQLITE_FULL || code === SQLITE_IOERR || code === SQLITE_READONLY || code === SQLITE_CANTOPEN
  );
}

export function isDiskFull(error: unknown): boolean {
  return resultCode(error) === SQLITE_FULL;
}

/** SQL that the database does not understand. The program's own SQL is sound, so its tables are not what they were. */
export function isStrangeTable(error: unknown): boolean {
  return resultCode(error) === SQLITE_ERROR;
}

/** Reads JSON that the program wrote; what is none was damaged. `what` names it, never by its contents. */
export function storedJson(text: unknown, what: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new DamagedValue(`${what} (no JSON)`);
  }
}

function resultCode(error: unknown): number | null {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : Number.NaN;
  return Number.isInteger(code) ? code & 0xff : null;
}
