import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DiskOp } from './disk-log.ts';

/** What is left of writes that were not synced: none, some, or some of which one is torn at the sector. */
export const CUTS = ['nothing unsynced', 'some of it', 'some of it, torn'] as const;
export type CutKind = (typeof CUTS)[number];

/** What a disk writes as one (512 bytes; newer ones 4096). */
const SECTORS = [512, 4096] as const;

type Change = Extract<DiskOp, { kind: 'write' | 'truncate' }>;

/** A file, whatever it is called at the moment. */
interface Inode {
  content: Buffer;
  synced: Buffer;
  pending: Change[];
}

/** A change of the folder that is not synced: a name that came, went, or changed what it means. */
interface NameChange {
  readonly name: string;
  readonly inode: Inode | null;
}

/**
 * A folder as a disk would have it: what is synced stays, what is not may be lost in any order, but for names, whose
 * changes are lost from the last one on (file systems keep a journal of them).
 */
export class CutDisk {
  readonly #dir: string;
  readonly #names = new Map<string, Inode>();
  readonly #syncedNames = new Map<string, Inode>();
  #pendingNames: NameChange[] = [];

  /** Begins with what lies in a folder, all of it synced; `dir` is what it is called in the log. */
  constructor(folder: string, dir: string) {
    this.#dir = dir;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = readFileSync(join(folder, entry.name));
      const inode: Inode = { content, synced: content, pending: [] };
      this.#names.set(entry.name, inode);
      this.#syncedNames.set(entry.name, inode);
    }
  }

  apply(op: DiskOp): void {
    if (op.path === this.#dir) {
      if (op.kind === 'sync') this.#syncNames();
      return;
    }
    if (dirname(op.path) !== this.#dir) return;
    const name = basename(op.path);
    // Shared memory beside a database: it is made anew at each start.
    if (name.endsWith('-shm')) return;
    const inode = this.#names.get(name);
    switch (op.kind) {
      case 'create':
        if (inode === undefined)
          this.#setName(name, { content: Buffer.alloc(0), synced: Buffer.alloc(0), pending: [] });
        return;
      case 'rename':
        if (inode === undefined) return;
        this.#setName(basename(op.to), inode);
        this.#setName(name, null);
        return;
      case 'unlink':
        this.#setName(name, null);
        return;
      case 'sync':
        if (inode === undefined) return;
        inode.synced = inode.content;
        inode.pending = [];
        return;
      case 'write':
      case 'truncate':
        if (inode === undefined) return;
        inode.content = changed(inode.content, op);
        inode.pending.push(op);
        return;
    }
  }

  /** Writes down what would be found after a power cut now. */
  writeTo(folder: string, kind: CutKind, random: () => number): void {
    mkdirSync(folder, { mode: 0o700 });
    const names = new Map(this.#syncedNames);
    const kept = kind === 'nothing unsynced' ? 0 : Math.floor(random() * (this.#pendingNames.length + 1));
    for (const { name, inode } of this.#pendingNames.slice(0, kept)) {
      if (inode === null) names.delete(name);
      else names.set(name, inode);
    }
    for (const [name, inode] of names) {
      writeFileSync(join(folder, name), contentAfter(inode, kind, random), { mode: 0o600 });
    }
  }

  #setName(name: string, inode: Inode | null): void {
    if (inode === null) this.#names.delete(name);
    else this.#names.set(name, inode);
    this.#pendingNames.push({ name, inode });
  }

  #syncNames(): void {
    for (const { name, inode } of this.#pendingNames) {
      if (inode === null) this.#syncedNames.delete(name);
      else this.#syncedNames.set(name, inode);
    }
    this.#pendingNames = [];
  }
}

function contentAfter({ synced, pending }: Inode, kind: CutKind, random: () => number): Buffer {
  if (kind === 'nothing unsynced') return synced;
  const kept = pending.filter(() => random() < 0.5);
  const torn = kind === 'some of it, torn' ? kept[Math.floor(random() * kept.length)] : undefined;
  return kept.reduce((content, change) => {
    if (change !== torn || change.kind !== 'write') return changed(content, change);
    // Sectors of one write reach the disk in any order.
    const sector = SECTORS[Math.floor(random() * SECTORS.length)] ?? 512;
    let result = content;
    for (let begin = 0; begin < change.data.length; ) {
      const end = Math.min(change.data.length, begin + sector - ((change.offset + begin) % sector));
      const data = change.data.subarray(begin, end);
      if (random() < 0.5) result = changed(result, { ...change, offset: change.offset + begin, data });
      begin = end;
    }
    return result;
  }, synced);
}

/** The content with a change made; what was synced before stays as it was. */
function changed(content: Buffer, change: Change): Buffer {
  if (change.kind === 'truncate') {
    const result = Buffer.alloc(change.size);
    content.copy(result);
    return result;
  }
  const offset = Math.min(
    change.offset,
    change.offset === Number.POSITIVE_INFINITY ? content.length : change.offset,
  );
  const result = Buffer.alloc(Math.max(content.length, offset + change.data.length));
  content.copy(result);
  change.data.copy(result, offset);
  return result;
}
