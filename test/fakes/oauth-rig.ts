import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createOAuth, type OAuth } from '../../electron/agent/oauth/oauth.ts';
import type { OAuthServer as OAuthMailServer } from '../../electron/agent/oauth/provider.ts';
import { notSignedIn } from '../../electron/agent/oauth/words.ts';
import { createKeyFileSecretStore, type SecretStore } from '../../electron/agent/settings/secret-store.ts';
import type { AccessTokens } from '../../mail/access-token.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { SignIn } from '../../shared/contract/ipc.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { scratchDir } from './scratch-dir.ts';
import { OAuthServer, type OAuthServerOptions } from './oauth-server.ts';

/** Tokens of somebody who never signed in. */
export function noTokens(): AccessTokens {
  const failure = notSignedIn({ user: 'tocsin', label: 'nobody', host: 'mail.example' });
  return { obstacle: () => failure, get: async () => ({ failure }) };
}

/** On hands that the test turns, an exchange over real sockets is never late. */
export const NEVER_LATE = { connectMs: 1e12, wholeMs: 1e12 };

/** A mail server whose account signs in by a service. */
export function signingServer(service: OAuthServer, changes: Partial<OAuthMailServer['auth']> = {}) {
  const settings = settingsOf(service, 25, changes);
  return settings.smtp.servers[0] as OAuthMailServer;
}

function settingsOf(service: OAuthServer, port: number, changes: Partial<OAuthMailServer['auth']>): Settings {
  const auth = { ...service.auth(), ...changes };
  return settingsSchema.parse({ version: 1, smtp: { servers: [{ host: '127.0.0.1', port, auth }] } });
}

/** Signing in against a service of the tests, on a clock whose hands the test turns. */
export interface OAuthRig {
  readonly clock: FakeClock;
  readonly service: OAuthServer;
  readonly folder: string;
  /** Whether the secret store can be written. */
  readonly disk: { isFull: boolean };
  readonly secrets: SecretStore;
  /** The servers of the settings, and whether somebody has saved them so. */
  readonly saved: { servers: readonly OAuthMailServer[]; isSaved: boolean };
  readonly oauth: OAuth;
  readonly server: OAuthMailServer;
  readonly ended: SignIn[];
  readonly troubles: string[];
  /** The room anew on the same folder, as after a restart. */
  again(): OAuth;
  /** Signs in by a code, as a person would. */
  signIn(oauth?: OAuth): Promise<SignIn>;
  /** An access token, or the code of the failure. */
  token(oauth?: OAuth, refused?: string | null): Promise<string>;
}

export async function oauthRig(
  folder: string,
  options: Omit<OAuthServerOptions, 'now'> = {},
  changes: Partial<OAuthMailServer['auth']> = {},
): Promise<OAuthRig> {
  const clock = new FakeClock();
  const service = await new OAuthServer({ ...options, now: () => clock.now() }).start();
  const server = signingServer(service, changes);
  const ended: SignIn[] = [];
  const troubles: string[] = [];
  const open = () => createKeyFileSecretStore({ secretsPath: join(folder, 's'), keyPath: join(folder, 'k') });
  const make = (secrets: SecretStore) =>
    createOAuth({
      settings: () => settingsSchema.parse({ version: 1, smtp: { servers: saved.servers } }),
      isSaved: () => saved.isSaved,
      secrets,
      clock,
      random: fakeRandom(),
      onTrouble: (text) => troubles.push(text),
      onEnded: (signIn) => ended.push(signIn),
      limits: NEVER_LATE,
    });
  const saved: OAuthRig['saved'] = { servers: [server], isSaved: true };
  const disk = { isFull: false };
  const stored = open();
  const secrets: SecretStore = {
    ...stored,
    change(changes) {
      if (disk.isFull) throw new Error('ENOSPC: no space left on device');
      stored.change(changes);
    },
  };
  const oauth = make(secrets);
  return {
    clock,
    service,
    saved,
    secrets,
    disk,
    folder,
    oauth,
    server,
    ended,
    troubles,
    again: () => make(open()),
    async signIn(with_ = oauth) {
      const started = await with_.start(server, 'device');
      if (started.outcome !== 'started') throw new Error(started.sentence);
      service.settleDevice(started.signIn.code ?? '', 'approved');
      await passUntil(clock, () => with_.get(started.signIn.id)?.state !== 'waiting');
      return with_.get(started.signIn.id) ?? started.signIn;
    },
    async token(from = oauth, refused = null) {
      const answer = await from.tokens(server).get(refused);
      if ('token' in answer) return answer.token;
      return 'failure' in answer ? answer.failure.code : 'refused for good';
    },
  };
}

/** Lets time pass step by step until something holds, with time in between for what goes over sockets. */
export async function passUntil(clock: FakeClock, holds: () => boolean, stepMs = 1000): Promise<void> {
  for (let step = 0; step < 2000; step++) {
    for (let turn = 0; turn < 4 && !holds(); turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    if (holds()) return;
    await clock.advance(stepMs);
  }
  throw new Error('what the test waits for did not happen');
}

/** A rig with a scratch folder of its own, which ends with the running test. */
export async function ownRig(
  ...options: Parameters<typeof oauthRig> extends [string, ...infer Rest] ? Rest : never
): Promise<OAuthRig> {
  const rig = await oauthRig(scratchDir(), ...options);
  onTestFinished(async () => {
    rig.oauth.close();
    await rig.service.stop();
  });
  return rig;
}

/** The same, where somebody has signed in. */
export async function signedInRig(...options: Parameters<typeof ownRig>): Promise<OAuthRig> {
  const rig = await ownRig(...options);
  const { state, sentence } = await rig.signIn();
  if (state !== 'signed-in') throw new Error(`not signed in: ${sentence}`);
  return rig;
}
