import { safeStorage } from 'electron';
import type { Keyring } from '../agent/settings/sealed-key.ts';

/** The keyring of this system, as Electron reaches it (`safeStorage`). After `ready`. */
export function systemKeyring(): Keyring {
  return {
    name: keyringName(),
    isAvailable: () => safeStorage.isAsyncEncryptionAvailable(),
    seal: (text) => safeStorage.encryptStringAsync(text),
    async open(sealed) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { text: result, isOutdated: shouldReEncrypt };
    },
  };
}

/** Null on a Linux desktop without a keyring: `basic_text` is encrypted by a password that everybody knows. */
function keyringName(): string | null {
  if (process.platform === 'win32') return 'DPAPI';
  if (process.platform === 'darwin') return 'Keychain';
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === 'basic_text' || backend === 'unknown' ? null : backend;
}
