import { z } from 'zod';
import type { SecretStore } from '../settings/secret-store.ts';

/** What a sign-in has left: the right to have access tokens, for as long as the provider and the account's owner let it. */
const grant = z.strictObject({
  version: z.literal(1),
  refreshToken: z.string(),
  /** Who has signed in, as the provider named them; null where it did not. */
  account: z.string().nullable(),
  /** Wall-clock milliseconds. */
  signedInAt: z.number(),
  renewedAt: z.number(),
});

export type Grant = Omit<z.infer<typeof grant>, 'version'>;

/** The sign-in kept under a name of the secret store; null where there is none, or it cannot be read. */
export function readGrant(secrets: Pick<SecretStore, 'get'>, name: string): Grant | null {
  const text = secrets.get(name);
  if (text === null) return null;
  try {
    const { version: _version, ...kept } = grant.parse(JSON.parse(text));
    return kept;
  } catch {
    return null;
  }
}

/** Throws where the disk does not take it. */
export function writeGrant(secrets: SecretStore, name: string, kept: Grant): void {
  secrets.change(new Map([[name, JSON.stringify({ version: 1, ...kept })]]));
}

export function forgetGrant(secrets: SecretStore, name: string): void {
  secrets.change(new Map([[name, null]]));
}
