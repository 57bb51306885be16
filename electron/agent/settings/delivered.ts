import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS_MAX_BYTES } from '../../../shared/contract/settings.ts';
import type { DataDir } from '../platform/data-dir.ts';
import { wipeFile, writeFileAtomic } from '../platform/files.ts';
import { readPlainFile } from '../platform/plain-file.ts';
import type { Trouble } from '../record/troubles.ts';
import type { SecretStore } from './secret-store.ts';
import { openSettingsStore } from './settings-store.ts';

/** What installations leave a settings file as. */
export const DELIVERED_NAME = 'tocsin-settings.json';

export interface DeliveredOptions {
  readonly dataDir: DataDir;
  readonly secrets: SecretStore;
  /** Folders that are looked into, in this order. */
  readonly places: readonly string[];
  readonly now: number;
}

/**
 * Takes in settings that were left for this start, passwords into their store, and wipes the file (row B12). One that is
 * faulty is wiped as well, for it may hold passwords, and whoever left it has the original; nothing of it is taken in.
 * What could not be done for now, such as while the keyring is locked, is tried again at the next start. Called before
 * the settings are opened, by who holds the lock of the data folder. Gives what was done, in words, and what went wrong.
 */
export function takeInDelivered({ dataDir, secrets, places, now }: DeliveredOptions): {
  readonly done: readonly string[];
  readonly troubles: readonly Trouble[];
} {
  const done: string[] = [];
  const troubles: Trouble[] = [];
  for (const place of places) {
    const path = join(place, DELIVERED_NAME);
    const mark = markOf(path);
    if (mark === null || isLeftOver(dataDir, mark)) continue;
    const failed = takeIn(dataDir, secrets, place);
    if (failed === null) done.push(`settings were taken in from ${path}`);
    const left = failed?.isKept === true ? null : wipe(dataDir, path, mark);
    const text = [failed?.text, left].filter((each) => typeof each === 'string').join(' ');
    if (text !== '') troubles.push(troubleOf(mark, now, text));
  }
  return { done, troubles };
}

interface Failed {
  readonly text: string;
  /** Nothing was wrong with it: it stays for the next start. */
  readonly isKept: boolean;
}

function takeIn(dataDir: DataDir, secrets: SecretStore, place: string): Failed | null {
  const path = join(place, DELIVERED_NAME);
  const refused = (why: string, isKept: boolean): Failed => ({
    text: `${path} was not taken in: ${why} The settings are as they were.`,
    isKept,
  });
  try {
    const read = readPlainFile(place, DELIVERED_NAME, SETTINGS_MAX_BYTES);
    // What is no file of its own is somebody else's to remove.
    if (!read.ok) return refused(read.reason, true);
    const loaded = openSettingsStore(dataDir, secrets);
    const text = read.content.toString('utf8');
    const outcome = loaded.ok ? loaded.store.import(text, place) : loaded.replace(text, place);
    if (outcome.ok) return null;
    // By their places alone: what stands there may be a password.
    const faults = outcome.faults.map((fault) => fault.path || 'the file as a whole');
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const more = faults.length > NAMED_MAX ? ', …' : '';
    return refused(`${count} (${faults.slice(0, NAMED_MAX).join(', ')}${more}).`, false);
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error), true);
  }
}

/** So many faults are named; "tocsin import" of the original tells all of them. */
const NAMED_MAX = 10;

/** Null where it is gone; else a sentence. One that cannot be removed is not taken in anew at every start. */
function wipe(dataDir: DataDir, path: string, mark: string): string | null {
  try {
    wipeFile(path);
    return null;
  } catch (error) {
    writeFileAtomic(leftOverPath(dataDir), `${mark}\n`);
    const why = error instanceof Error ? error.message : String(error);
    return `It could not be overwritten and deleted: ${why}. It may hold passwords; delete it by hand.`;
  }
}

function leftOverPath(dataDir: DataDir): string {
  return join(dataDir.path, 'settings.left-over');
}

function isLeftOver(dataDir: DataDir, mark: string): boolean {
  const notePath = leftOverPath(dataDir);
  return existsSync(notePath) && readFileSync(notePath, 'utf8').trim() === mark;
}

/** Names this very file without a look into it; null where there is none. */
function markOf(path: string): string | null {
  const info = lstatSync(path, { throwIfNoEntry: false });
  return info === undefined ? null : `${path} ${info.mtimeMs} ${info.size}`;
}

function troubleOf(mark: string, now: number, text: string): Trouble {
  return {
    key: `delivered ${mark}`,
    name: 'Delivered settings',
    since: now,
    text,
    paragraphs: [
      'They were left by an installation for this start. "tocsin import FILE" of the original says every fault in words. Run "tocsin ack "Delivered settings"" to take this out of the status.',
    ],
  };
}
