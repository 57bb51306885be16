import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { syncDir } from './files.ts';

/** What SQLite keeps beside a database: what it holds is spread over all of them. */
const COMPANIONS = ['-wal', '-shm'] as const;

/** `tocsin.db.damaged-20260105T080000Z`, with a number where there is one already. */
function nameFor(path: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let number = 1; ; number += 1) {
    const name = `${path}.damaged-${time}${number === 1 ? '' : `-${number}`}`;
    if (!existsSync(name)) return name;
  }
}

/**
 * Moves a damaged database out of the way, whole: with what SQLite keeps beside it. No process may have it open. The
 * database itself goes last, so that a crash in between leaves a move that `finishSettingAside` can see.
 */
export function setDatabaseAside(path: string, now: number): void {
  moveTo(path, nameFor(path, now));
}

/** Ends a move that a crash has cut short. */
export function finishSettingAside(path: string): void {
  for (const name of damagedNames(path)) {
    for (const companion of COMPANIONS) {
      const target = name.slice(0, -companion.length);
      if (name.endsWith(companion) && !existsSync(target) && existsSync(path)) moveTo(path, target);
    }
  }
}

function moveTo(path: string, target: string): void {
  for (const end of [...COMPANIONS, '']) {
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${target}${end}`);
  }
  syncDir(dirname(path));
}

/** Keeps a copy of a file that is about to be overwritten and could not be read. */
export function keepDamagedCopy(path: string): void {
  if (existsSync(path)) copyFileSync(path, nameFor(path, Date.now()));
}

/** A damaged file that was kept, and when that was found; wall-clock milliseconds. */
export interface DamagedFile {
  readonly path: string;
  readonly foundAt: number;
}

/** The databases that were set aside in the folder, oldest first. */
export function damagedDatabases(path: string): DamagedFile[] {
  return damagedNames(path)
    .filter((name) => COMPANIONS.every((companion) => !name.endsWith(companion)))
    .flatMap((name) => {
      const time = /\.damaged-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name);
      if (time === null) return [];
      const [, year, month, day, hour, minute, second] = time.map(Number);
      const foundAt = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
      return [{ path: name, foundAt }];
    })
    .toSorted((a, b) => a.foundAt - b.foundAt);
}

function damagedNames(path: string): string[] {
  const begin = `${basename(path)}.damaged-`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(begin))
    .map((name) => join(dirname(path), name));
}

/** Names the contents of a file, so that the same damage is told of once. */
export function fileMark(path: string): string {
  if (!existsSync(path)) return 'missing';
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}
