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
  readonly synced: FileImage;
  /** What was done to it since. */
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
      const inode: Inode = { synced: new FileImage(readFileSync(join(folder, entry.name))), pending: [] };
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
        if (inode === undefined) this.#setName(name, { synced: new FileImage(Buffer.alloc(0)), pending: [] });
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
        for (const change of inode.pending) inode.synced.apply(change);
        inode.pending = [];
        return;
      case 'write':
      case 'truncate':
        inode?.pending.push(op);
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
  if (kind === 'nothing unsynced') return synced.content;
  const image = new FileImage(synced.content);
  const kept = pending.filter(() => random() < 0.5);
  const torn = kind === 'some of it, torn' ? kept[Math.floor(random() * kept.length)] : undefined;
  for (const change of kept) {
    if (change !== torn || change.kind !== 'write') {
      image.apply(change);
      continue;
    }
    // Sectors of one write reach the disk in any order.
    const sector = SECTORS[Math.floor(random() * SECTORS.length)] ?? 512;
    for (let begin = 0; begin < change.data.length; ) {
      const end = Math.min(change.data.length, begin + sector - ((change.offset + begin) % sector));
      const data = change.data.subarray(begin, end);
      if (random() < 0.5) image.apply({ ...change, offset: change.offset + begin, data });
      begin = end;
    }
  }
  return image.content;
}

/** The bytes of a file, with room to grow: thousands of writes are made to files of many megabytes. */
class FileImage {
  #bytes: Buffer;
  #length: number;

  /** A copy of what it is given. */
  constructor(content: Buffer) {
    this.#bytes = Buffer.from(content);
    this.#length = content.length;
  }

  /** As it is now; the next change may change it. */
  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') return this.#resize(change.size);
    const offset = change.offset === Number.POSITIVE_INFINITY ? this.#length : change.offset;
    this.#resize(Math.max(this.#length, offset + change.data.length));
    change.data.copy(this.#bytes, offset);
  }

  /** What is new is zeros. */
  #resize(length: number): void {
    if (length > this.#bytes.length) {
      const bytes = Buffer.alloc(2 * length);
      this.content.copy(bytes);
      this.#bytes = bytes;
    }
    if (length > this.#length) this.#bytes.fill(0, this.#length, length);
    this.#length = length;
  }
}
