import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { keepDamagedCopy } from '../platform/damaged-files.ts';
import { writeFileAtomic } from '../platform/files.ts';
import { type DataKey, keyOfFile } from './data-key.ts';

/**
 * Where passwords are kept, apart from the settings. Implementations differ in what guards them: the desktop's keyring,
 * Electron's safeStorage, or the key file below.
 */
export interface SecretStore {
  /** The secret, or null where there is none or it cannot be read. */
  get(name: string): string | null;
  /** What there is, readable or not. */
  names(): readonly string[];
  /** Sets (string) and removes (null) several at once: all of them or none. */
  change(changes: ReadonlyMap<string, string | null>): void;
  /** In words, what guards the secrets; with a warning where that is little. */
  readonly protection: string;
}

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D 5.2.1.1 recommends 96 bits. */
const NONCE_BYTES = 12;

const secretsFile = z.strictObject({
  version: z.literal(1),
  secrets: z.record(z.string(), z.strictObject({ nonce: z.base64(), tag: z.base64(), text: z.base64() })),
});

type SecretsFile = z.infer<typeof secretsFile>;

/**
 * Secrets in a file of the data folder, encrypted by a key in another file (mode 0600). It keeps them out of backups of
 * the settings, exports and careless eyes; it does not keep out who can read both files.
 */
export function createKeyFileSecretStore(paths: { secretsPath: string; keyPath: string }): SecretStore {
  return createSecretStore(paths.secretsPath, keyOfFile(paths.keyPath));
}

/** Secrets in a file, encrypted by a key that something else guards. */
export function createSecretStore(secretsPath: string, key: DataKey): SecretStore {
  const stored = readSecrets(secretsPath);
  let file = stored ?? { version: 1, secrets: {} };
  let isDamaged = stored === null;

  return {
    protection: key.protection,
    get(name) {
      const entry = file.secrets[name];
      const readKey = key.read();
      return entry && readKey ? decrypt(readKey, name, entry) : null;
    },
    names: () => Object.keys(file.secrets),
    change(changes) {
      const secrets = { ...file.secrets };
      for (const [name, secret] of changes) {
        if (secret === null) delete secrets[name];
        else secrets[name] = encrypt(key.forWriting(), name, secret);
      }
      if (isDamaged) keepDamagedCopy(secretsPath);
      isDamaged = false;
      const changed: SecretsFile = { version: 1, secrets };
      writeFileAtomic(secretsPath, `${JSON.stringify(changed, null, 2)}\n`);
      file = changed;
    },
  };
}

/**
 * What is wrong with the files of secrets as a whole, in words; null where nothing is, or there are none yet. A single
 * secret that cannot be read is told of by the server that needs it.
 */
export function secretsFault(
  paths: { secretsPath: string; keyPath: string },
  store: SecretStore = createKeyFileSecretStore(paths),
): string | null {
  const file = readSecrets(paths.secretsPath);
  if (file === null) return `${paths.secretsPath} cannot be read`;
  const entries = Object.entries(file.secrets);
  const lost = entries.filter(([name]) => store.get(name) === null).length;
  return lost === 0
    ? null
    : `${lost} of ${entries.length} in ${paths.secretsPath} cannot be decrypted with ${paths.keyPath}`;
}

/** Null where the file is damaged. Unreadable secrets are secrets that are not there: servers that need them say so. */
function readSecrets(path: string): SecretsFile | null {
  if (!existsSync(path)) return { version: 1, secrets: {} };
  try {
    return secretsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

type Entry = SecretsFile['secrets'][string];

function encrypt(key: Buffer, name: string, secret: string): Entry {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  // The name is authenticated with it, so that an entry moved to another name is not taken for that one's.
  cipher.setAAD(Buffer.from(name, 'utf8'));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return {
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    text: text.toString('base64'),
  };
}

function decrypt(key: Buffer, name: string, entry: Entry): string | null {
  try {
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(entry.nonce, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(Buffer.from(entry.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(entry.text, 'base64')), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}
