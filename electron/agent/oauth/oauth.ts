import type { AccessTokens } from '../../../mail/access-token.ts';
import type { ServerHealth } from '../../../mail/outlet.ts';
import { sameServer } from '../../../mail/smtp-server-options.ts';
import type { SignIn, SignInStatus } from '../../../shared/contract/ipc.ts';
import type { Settings, SmtpServerSettings } from '../../../shared/contract/settings.ts';
import type { CancelTimer, Clock, Random } from '../../../shared/model/clock.ts';
import type { ExchangeLimits } from '../dispatch/relay/http-exchange.ts';
import { readAuthority } from '../settings/authorities.ts';
import type { SecretStore } from '../settings/secret-store.ts';
import {
  missingForSignIn,
  type OAuthServer,
  isOAuthSecret,
  oauthSecretNames,
  providerOf,
  type SignInFlow,
} from './provider.ts';
import { createSignIns, type SignInStart } from './sign-ins.ts';
import { TokenSource, type TokenSourceSetUp } from './token-source.ts';

export interface OAuthOptions {
  readonly settings: () => Settings;
  /** Whether those are the ones that somebody saved: a copy may stand in for damaged ones. */
  readonly isSaved: () => boolean;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what somebody should know; never a secret. */
  readonly onTrouble: (text: string) => void;
  /** Told when a sign-in has ended, one way or the other. */
  readonly onEnded: (signIn: SignIn) => void;
  /** Other figures than the usual ones, in milliseconds; tests have other time. */
  readonly limits?: ExchangeLimits;
}

/** Signing in by OAuth 2.0, and the access tokens that come of it. */
export interface OAuth {
  /** The tokens of a server of the settings or of a form; the same account always has the same source. */
  tokens(server: OAuthServer): AccessTokens;
  start(server: OAuthServer, flow: SignInFlow | undefined): Promise<SignInStart>;
  get(id: string): SignIn | null;
  finish(id: string, address: string): string | null;
  /** Whether there was one by this id. */
  cancel(id: string): boolean;
  status(server: OAuthServer): SignInStatus;
  signOut(server: OAuthServer): Promise<{ readonly signedOut: boolean; readonly sentence: string }>;
  /** The servers' health, with those paused that nobody has signed in for: nothing has to fail before that shows. */
  shown(servers: readonly ServerHealth[]): readonly ServerHealth[];
  /** The settings were saved: what was wrong may be mended. */
  settingsChanged(): void;
  /** From now on, sign-ins that are seldom used are renewed now and then. */
  keepUp(): void;
  /** Ends the sign-ins that wait. */
  close(): void;
}

/** Microsoft ends a sign-in that was not used for 90 days, Google for 6 months. Once a day also notices one that was withdrawn. */
const RENEW_AFTER_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 3_600_000;
/** After the start everything else comes first. */
const FIRST_LOOK_MS = 60_000;
function isOAuthServer(server: SmtpServerSettings): server is OAuthServer {
  return server.auth.method === 'oauth2';
}

/** Loads what speaks HTTP only when somebody signs in, or a token is needed. */
export function createOAuth(options: OAuthOptions): OAuth {
  const { settings, secrets, clock } = options;
  const sources = new Map<string, TokenSource>();
  let cancelLook: CancelTimer = () => {};
  let isClosed = false;

  const setUpOf = ({ host, port, auth, caFile }: OAuthServer): TokenSourceSetUp => {
    const provider = providerOf(auth);
    // Whom an administrator trusts for a mail server of their own is not thereby trusted to be Microsoft.
    const isOwn = auth.provider === 'custom';
    return {
      whose: { user: auth.user, label: provider.label, host },
      provider,
      missing: missingForSignIn(auth).map(({ key }) => key),
      names: oauthSecretNames({ host, port }, auth),
      endpoint: {
        clock,
        ca: isOwn && caFile !== null ? readAuthority(caFile) : null,
        ...(options.limits === undefined ? {} : { limits: options.limits }),
      },
      secrets,
      onTrouble: options.onTrouble,
    };
  };
  const sourceOf = (server: OAuthServer): TokenSource => {
    const setUp = setUpOf(server);
    const known = sources.get(setUp.names.grant);
    known?.setUp(setUp);
    const source = known ?? new TokenSource(setUp);
    sources.set(setUp.names.grant, source);
    return source;
  };
  /** For a look: what is being typed leaves no source behind. */
  const lookedAt = (server: OAuthServer): TokenSource => {
    const setUp = setUpOf(server);
    return sources.get(setUp.names.grant) ?? new TokenSource(setUp);
  };
  const ownServers = () => settings().smtp.servers.filter(isOAuthServer);

  const signIns = createSignIns({ ...options, setUpOf, sourceOf });

  /** A sign-in for a server that was then not saved, or was taken out, is found at two looks before it goes. */
  let strangers: ReadonlySet<string> = new Set();
  const forgetStrangers = () => {
    if (!options.isSaved()) return;
    const own = new Set(
      ownServers().flatMap((server) => Object.values(oauthSecretNames(server, server.auth))),
    );
    const found = secrets.names().filter((name) => isOAuthSecret(name) && !own.has(name));
    const gone = found.filter((name) => strangers.has(name));
    if (gone.length > 0) secrets.change(new Map(gone.map((name) => [name, null])));
    for (const name of gone) sources.delete(name);
    strangers = new Set(found);
  };
  const look = async () => {
    try {
      forgetStrangers();
    } catch (error) {
      options.onTrouble(`Sign-ins that no server needs are still kept: ${String(error)}`);
    }
    for (const server of ownServers()) await sourceOf(server).keepUp(RENEW_AFTER_MS);
    if (!isClosed) cancelLook = clock.after(LOOK_EVERY_MS, () => void look());
  };

  return {
    tokens: sourceOf,
    start: signIns.start,
    get: signIns.get,
    finish: signIns.finish,
    cancel: signIns.cancel,
    status(server) {
      const { provider } = setUpOf(server);
      const { grant, endsAt, obstacle } = lookedAt(server).view();
      const isOver = obstacle?.pauses === true;
      return {
        state: stateOf(missingForSignIn(server.auth).length > 0, grant !== null, isOver),
        provider: provider.label,
        account: grant?.account ?? null,
        signedInAt: grant?.signedInAt ?? null,
        renewedAt: grant?.renewedAt ?? null,
        tokenUntil: endsAt,
        flows: provider.flows,
        sentence: obstacle === null ? null : `${obstacle.words.sentence} ${obstacle.words.mend}`,
      };
    },
    async signOut(server) {
      const { whose, provider, endpoint } = setUpOf(server);
      const token = sourceOf(server).signOut();
      if (token === null) return { signedOut: false, sentence: `Nobody was signed in as ${whose.user}.` };
      const done = `Tocsin has forgotten the sign-in of ${whose.user}.`;
      if (provider.revocationEndpoint === null) {
        const sentence = `${done} With ${whose.label} it ends by itself, or where the account’s apps are managed.`;
        return { signedOut: true, sentence };
      }
      const { postForm } = await import('./token-endpoint.ts');
      const answer = await postForm(
        provider.revocationEndpoint,
        { token, client_id: provider.clientId ?? '' },
        endpoint,
      );
      const sentence =
        answer.kind === 'answered'
          ? `${done} ${whose.label} has withdrawn it.`
          : `${done} ${whose.label} could not be told; withdraw it where the account’s apps are managed.`;
      return { signedOut: true, sentence };
    },
    shown: (servers) =>
      servers.map((health) => {
        const server = ownServers().find((one) => sameServer(one, health.server));
        const obstacle = server === undefined ? null : lookedAt(server).obstacle();
        if (obstacle === null || !obstacle.pauses || health.state === 'paused') return health;
        return { ...health, state: 'paused', code: obstacle.code, words: obstacle.words, nextProbeAt: null };
      }),
    settingsChanged() {
      for (const source of sources.values()) source.forgive();
    },
    keepUp() {
      cancelLook = clock.after(FIRST_LOOK_MS, () => void look());
    },
    close() {
      isClosed = true;
      cancelLook();
      signIns.close();
    },
  };
}

function stateOf(isIncomplete: boolean, hasGrant: boolean, isOver: boolean): SignInStatus['state'] {
  if (isIncomplete) return 'not-set-up';
  if (!hasGrant) return 'signed-out';
  return isOver ? 'ended' : 'signed-in';
}
