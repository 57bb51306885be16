import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { keepDamagedCopy } from '../platform/damaged-files.ts';
import { writeFileAtomic } from '../platform/files.ts';

/** The key that secrets are encrypted with, and what guards it. Always at hand once it was opened. */
export interface DataKey {
  /** Null where there is none, or it cannot be opened. */
  read(): Buffer | null;
  /** Makes one where there is none. Throws `SealedKey` where there is one that this process cannot open. */
  forWriting(): Buffer;
  /** In words, what guards it; with a warning where that is little. */
  readonly protection: string;
}

/** Nothing is written with another key: that would leave what is kept unreadable for ever. */
export class SealedKey extends Error {
  readonly code = 'secrets_sealed';

  constructor(keyPath: string) {
    super(
      `The password was not kept: ${keyPath} is sealed by the keyring of the desktop that it was made on, which does not open it here. Make the change in the desktop app there, with its keyring unlocked; or delete that file, which forgets all passwords, and enter them anew.`,
    );
    this.name = 'SealedKey';
  }
}

const KEY_BYTES = 32;
/** What a sealed key begins with; one in plain base64 never does. */
const SEALED = 'sealed:';

/** What the key file holds. A text that is neither kind is a damaged key. */
export type KeyFile =
  | { readonly kind: 'plain'; readonly key: Buffer }
  | { readonly kind: 'sealed'; readonly bytes: Buffer }
  | { readonly kind: 'none' | 'damaged' };

export function readKeyFile(keyPath: string): KeyFile {
  if (!existsSync(keyPath)) return { kind: 'none' };
  const text = readFileSync(keyPath, 'utf8').trim();
  if (text.startsWith(SEALED)) {
    return { kind: 'sealed', bytes: Buffer.from(text.slice(SEALED.length), 'base64') };
  }
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? { kind: 'plain', key } : { kind: 'damaged' };
}

/** Replaces the key file by a sealed one. */
export function writeSealedKey(keyPath: string, bytes: Buffer): void {
  writeFileAtomic(keyPath, `${SEALED}${bytes.toString('base64')}\n`);
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** A key in a file of the data folder (mode 0600), made when it is first needed. */
export function keyOfFile(keyPath: string): DataKey {
  let key: Buffer | null = null;
  const read = () => {
    if (key !== null) return key;
    const file = readKeyFile(keyPath);
    if (file.kind === 'plain') key = file.key;
    return key;
  };
  return {
    protection: `a key file (${keyPath}), which anybody who can read it and the data folder can use`,
    read,
    forWriting() {
      const existing = read();
      if (existing !== null) return existing;
      if (readKeyFile(keyPath).kind === 'sealed') throw new SealedKey(keyPath);
      // A key that was lost leaves secrets that nobody can read any more; they are set anew one by one. One that is
      // damaged is kept: somebody may mend it.
      keepDamagedCopy(keyPath);
      key = newKey();
      writeFileAtomic(keyPath, `${key.toString('base64')}\n`);
      return key;
    },
  };
}
