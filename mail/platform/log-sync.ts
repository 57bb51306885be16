import { closeSync, fdatasyncSync, openSync } from 'node:fs';

/** The write-ahead log of a database (https://sqlite.org/wal.html), to be synced apart from its commits. */
export interface LogSync {
  /** Returns when all that stands in the log is on the disk; throws where the disk says that it could not. */
  sync(): void;
  close(): void;
}

/** `databasePath`: of a database that is open in WAL mode and has been written to; its log stays the same file meanwhile. */
export function openLogSync(databasePath: string): LogSync {
  // Windows syncs only what is open for writing (FlushFileBuffers).
  const fd = openSync(`${databasePath}-wal`, 'r+');
  return { sync: () => fdatasyncSync(fd), close: () => closeSync(fd) };
}
