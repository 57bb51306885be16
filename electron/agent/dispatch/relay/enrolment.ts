import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { relayUrlFault } from '../../../../shared/contract/relay-url.ts';
import { writeFileAtomic } from '../../platform/files.ts';
import { keepDamagedCopy } from '../../platform/damaged-files.ts';
import type { SecretStore } from '../../settings/secret-store.ts';

const time = z.number().nullable();

const enrolmentFile = z.strictObject({
  version: z.literal(1),
  url: z.string().refine((url) => relayUrlFault(url) === null),
  /** A private authority of the service, in PEM; null for none. */
  ca: z.string().nullable(),
  installationId: z.string(),
  keyId: z.string(),
  /** Names the private key in the secret store. */
  publicKey: z.string(),
  enrolledAt: z.number(),
  /** What the service said of this installation when it was last asked. */
  from: z.string(),
  replyTo: z.string().nullable(),
  expiresAt: time,
  checkedAt: time,
});

/** That this computer is enrolled with a Web Service, and what is known of it. The private key lies in the secret store. */
export type Enrolment = Readonly<z.infer<typeof enrolmentFile>>;

export type EnrolmentRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'enrolled'; readonly enrolment: Enrolment };

/** Reads the enrolment of a data folder. It is in a file of its own, so that damage to the database does not end it. */
export function readEnrolment(path: string): EnrolmentRead {
  if (!existsSync(path)) return { kind: 'none' };
  try {
    return { kind: 'enrolled', enrolment: enrolmentFile.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch {
    return { kind: 'damaged' };
  }
}

/** Durable when it returns. A damaged one is kept beside it. */
export function writeEnrolment(path: string, enrolment: Enrolment): void {
  if (readEnrolment(path).kind === 'damaged') keepDamagedCopy(path);
  writeFileAtomic(path, `${JSON.stringify(enrolment, null, 2)}\n`);
}

/** Where the private key that belongs to a public one is kept. */
export function keySecretName(publicKey: string): string {
  return `relay ${publicKey}`;
}

/** The private key, or null where it cannot be read. */
export function privateKeyOf(secrets: Pick<SecretStore, 'get'>, { publicKey }: Enrolment): KeyObject | null {
  const kept = secrets.get(keySecretName(publicKey));
  if (kept === null) return null;
  try {
    return createPrivateKey({ key: Buffer.from(kept, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    return null;
  }
}

/** A service in as few words as name it: its host, with the port where that is not the usual one. */
export function hostOfUrl(url: string): string {
  return new URL(url).host;
}

/** Where the service is: the settings may say that it has moved. */
export function serviceUrl(enrolment: Pick<Enrolment, 'url'>, settings: Pick<Settings, 'relay'>): string {
  return settings.relay?.url ?? enrolment.url;
}
