import { type Clock, sleep } from '../../../shared/model/clock.ts';
import { type DataKey, keyOfFile, newKey, readKeyFile, SealedKey, writeSealedKey } from './data-key.ts';

/** What seals a key for this user of this computer: Windows' DPAPI, the Keychain, the keyring of a Linux desktop. */
export interface Keyring {
  /** Null where it protects nothing, as where a Linux desktop has none. */
  readonly name: string | null;
  isAvailable(): Promise<boolean>;
  seal(text: string): Promise<Buffer>;
  /** Rejects where it cannot. `isOutdated`: it is to be sealed anew. */
  open(sealed: Buffer): Promise<{ readonly text: string; readonly isOutdated: boolean }>;
}

/** A keyring may ask its user for a password, who is not there: nothing is watched meanwhile. */
const WAIT_MS = 20_000;

/**
 * Opens the key of a data folder by the keyring; one in a plain file is sealed from then on. Where the keyring protects
 * nothing, the key stays in its file, and the protection says so. A key that does not open is left alone: the keyring may
 * only be locked. It is taken up when it opens later.
 */
export async function openSealedKey(keyPath: string, keyring: Keyring, clock: Clock): Promise<DataKey> {
  const usable = keyring.name !== null && (await within(clock, keyring.isAvailable())) === true;
  const file = readKeyFile(keyPath);
  if (file.kind === 'sealed') {
    let key: Buffer | null = null;
    const opening = keyring.open(file.bytes).then(async ({ text, isOutdated }) => {
      key = Buffer.from(text, 'base64');
      if (isOutdated) writeSealedKey(keyPath, await keyring.seal(text));
    });
    await within(clock, opening);
    return {
      protection: `the keyring of this system (${keyring.name ?? 'none'})`,
      read: () => key,
      forWriting() {
        if (key === null) throw new SealedKey(keyPath);
        return key;
      },
    };
  }
  // A damaged key file is for the file's own way to deal with: somebody may mend it.
  if (usable && file.kind !== 'damaged') {
    const key = file.kind === 'plain' ? file.key : newKey();
    if ((await within(clock, sealProved(keyPath, keyring, key))) === true) {
      return {
        protection: `the keyring of this system (${keyring.name})`,
        read: () => key,
        forWriting: () => key,
      };
    }
  }
  const plain = keyOfFile(keyPath);
  return {
    protection: `${plain.protection}: not protected by this system`,
    read: plain.read,
    forWriting: plain.forWriting,
  };
}

/** The plain key goes only once the sealed one has been opened again. */
async function sealProved(keyPath: string, keyring: Keyring, key: Buffer): Promise<boolean> {
  const text = key.toString('base64');
  const sealed = await keyring.seal(text);
  if ((await keyring.open(sealed)).text !== text) return false;
  writeSealedKey(keyPath, sealed);
  return true;
}

/** What comes of it in time; null where nothing does, or it fails. */
function within<Value>(clock: Clock, work: Promise<Value>): Promise<Value | null> {
  return Promise.race([work.catch(() => null), sleep(clock, WAIT_MS).then(() => null)]);
}
