import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { SealedKey } from '../../../../../electron/agent/settings/data-key.ts';
import { type Keyring, openSealedKey } from '../../../../../electron/agent/settings/sealed-key.ts';
import {
  createKeyFileSecretStore,
  createSecretStore,
} from '../../../../../electron/agent/settings/secret-store.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const WAIT_MS = 20_000;

/** A keyring that seals by turning the text round. */
function keyring(fields: Partial<Keyring> = {}): Keyring {
  return {
    name: 'test',
    isAvailable: async () => true,
    seal: async (text) => Buffer.from(text.split('').toReversed().join('')),
    open: async (sealed) => ({ text: sealed.toString().split('').toReversed().join(''), isOutdated: false }),
    ...fields,
  };
}

let paths: { secretsPath: string; keyPath: string };
let clock: FakeClock;
beforeEach(() => {
  const folder = scratchDir();
  paths = { secretsPath: join(folder, 'secrets.json'), keyPath: join(folder, 'secrets.key') };
  clock = new FakeClock();
});

const open = async (ring: Keyring) =>
  createSecretStore(paths.secretsPath, await openSealedKey(paths.keyPath, ring, clock));
const keyText = () => readFileSync(paths.keyPath, 'utf8');
const set = (name: string, secret: string) => new Map([[name, secret]]);

describe('a key sealed by the keyring', () => {
  test('is made at the start, and opens again', async () => {
    const first = await open(keyring());
    first.change(set('smtp', 'canary'));
    expect(first.protection).toBe('the keyring of this system (test)');
    expect(keyText()).toMatch(/^sealed:/);
    expect((await open(keyring())).get('smtp')).toBe('canary');
  });

  test('takes the place of a plain one, and what was kept stays', async () => {
    createKeyFileSecretStore(paths).change(set('smtp', 'canary'));
    const plain = keyText().trim();
    expect((await open(keyring())).get('smtp')).toBe('canary');
    expect(keyText()).not.toContain(plain);
    expect((await open(keyring())).get('smtp')).toBe('canary');
  });

  test('is sealed anew where the system asks for it', async () => {
    await open(keyring());
    await open(
      keyring({
        seal: async () => Buffer.from('anew'),
        open: async () => ({ text: Buffer.alloc(32).toString('base64'), isOutdated: true }),
      }),
    );
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(keyText().trim()).toBe(`sealed:${Buffer.from('anew').toString('base64')}`);
  });

  test.each<[string, Partial<Keyring>]>([
    ['protects nothing', { name: null }],
    ['is not available', { isAvailable: async () => false }],
    ['seals what it cannot open', { open: () => Promise.reject(new Error('no')) }],
    ['gives back something else', { open: async () => ({ text: 'else', isOutdated: false }) }],
    ['cannot seal', { seal: () => Promise.reject(new Error('no')) }],
  ])('is not made by a keyring that %s; the plain key stays, and that is said', async (_what, fields) => {
    createKeyFileSecretStore(paths).change(set('smtp', 'canary'));
    const before = keyText();
    const store = await open(keyring(fields));
    expect(store.get('smtp')).toBe('canary');
    expect(store.protection).toMatch(/key file .*not protected by this system$/);
    expect(keyText()).toBe(before);
  });

  test('that does not open reads nothing, and nothing is written over it', async () => {
    (await open(keyring())).change(set('smtp', 'canary'));
    const before = keyText();
    for (const store of [
      await open(keyring({ open: () => Promise.reject(new Error('locked')) })),
      createKeyFileSecretStore(paths),
    ]) {
      expect(store.get('smtp')).toBeNull();
      expect(() => store.change(set('other', 'new'))).toThrow(SealedKey);
    }
    expect(keyText()).toBe(before);
    expect((await open(keyring())).get('smtp')).toBe('canary');
  });

  test('of a keyring that waits for its user holds nothing up, and is taken up when it opens', async () => {
    (await open(keyring())).change(set('smtp', 'canary'));
    let unlock = () => {};
    const locked = keyring({
      open: async (sealed) => {
        await new Promise<void>((resolve) => {
          unlock = resolve;
        });
        return keyring().open(sealed);
      },
    });
    const opening = open(locked);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await clock.advance(WAIT_MS);
    const store = await opening;
    expect(store.get('smtp')).toBeNull();
    unlock();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(store.get('smtp')).toBe('canary');
  });

  test('a damaged key file is left to its own way: kept, and another made when it is needed', async () => {
    writeFileSync(paths.keyPath, 'nonsense');
    const store = await open(keyring());
    expect(keyText()).toBe('nonsense');
    store.change(set('smtp', 'canary'));
    expect(store.get('smtp')).toBe('canary');
    expect(existsSync(paths.secretsPath)).toBe(true);
  });
});
