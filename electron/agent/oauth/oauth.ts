import type { AccessTokens } from '../../../mail/access-token.ts';
import type { ServerHealth } from '../../../mail/outlet.ts';
import { sameServer, serverLabel } from '../../../mail/smtp-server-options.ts';
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
import type { Flow, FlowEnd, FlowOptions, FlowStart } from './sign-in-flow.ts';
import type { accountOf as AccountOf } from './token-endpoint.ts';
import { TokenSource, type TokenSourceSetUp } from './token-source.ts';

export type SignInStart =
  | { readonly outcome: 'started'; readonly signIn: SignIn }
  | { readonly outcome: 'refused'; readonly sentence: string };

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

interface Begun {
  readonly flow: Flow;
  readonly grantName: string;
  signIn: SignIn;
}

/** Microsoft ends a sign-in that was not used for 90 days, Google for 6 months. Once a day also notices one that was withdrawn. */
const RENEW_AFTER_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 3_600_000;
/** After the start everything else comes first. */
const FIRST_LOOK_MS = 60_000;
/** A sign-in that is over can be asked after for so long. */
const REMEMBERED_MS = 10 * 60_000;

function isOAuthServer(server: SmtpServerSettings): server is OAuthServer {
  return server.auth.method === 'oauth2';
}

/** Loads what speaks HTTP only when somebody signs in, or a token is needed. */
export function createOAuth(options: OAuthOptions): OAuth {
  const { settings, secrets, clock, random } = options;
  const sources = new Map<string, TokenSource>();
  const begun = new Map<string, Begun>();
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

  /** What a flow has brought is kept before anybody is told. */
  const keep = (server: OAuthServer, end: FlowEnd, accountOf: typeof AccountOf): Partial<SignIn> => {
    const { user, clientSecret } = server.auth;
    if (end.kind === 'failed') return { state: 'failed', sentence: end.sentence };
    const account = accountOf(end.tokens);
    try {
      const { names } = setUpOf(server);
      if (clientSecret !== undefined) secrets.change(new Map([[names.client, clientSecret]]));
      sourceOf(server).signedIn(end.tokens, account);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { state: 'failed', sentence: `The sign-in of ${user} worked, but cannot be kept: ${why}.` };
    }
    return { state: 'signed-in', account, sentence: signedInSentence(user, account) };
  };
  const forgetLater = (id: string) => {
    clock.after(REMEMBERED_MS, () => begun.delete(id));
  };
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
    async start(server, wanted) {
      const { whose, provider, missing, names, endpoint } = setUpOf(server);
      if (missing.length > 0) {
        const [first] = missingForSignIn(server.auth);
        return {
          outcome: 'refused',
          sentence: `Nobody can sign in: ${first?.key ?? ''} ${first?.message ?? ''}.`,
        };
      }
      const way = wanted ?? provider.flows[0];
      if (way === undefined || !provider.flows.includes(way)) {
        const what = wanted === 'device' ? 'a code' : 'the browser';
        return { outcome: 'refused', sentence: `With ${whose.label} nobody can sign in by ${what}.` };
      }
      for (const other of begun.values()) {
        if (other.grantName === names.grant) other.flow.cancel('Another sign-in for this account was begun.');
      }
      const clientSecret = server.auth.clientSecret ?? secrets.get(names.client);
      const [{ accountOf }, started] = await Promise.all([
        import('./token-endpoint.ts'),
        startFlow(way, { provider, user: server.auth.user, clientSecret, endpoint }),
      ]);
      if (!started.ok) return { outcome: 'refused', sentence: started.sentence };
      const { flow } = started;
      const id = random.id(clock.now());
      const one: Begun = {
        flow,
        grantName: names.grant,
        signIn: {
          id,
          server: serverLabel(server),
          user: server.auth.user,
          provider: whose.label,
          flow: way,
          state: 'waiting',
          ...flow.prompt,
          account: null,
          sentence: null,
        },
      };
      begun.set(id, one);
      void flow.ended.then((end) => {
        one.signIn = { ...one.signIn, ...keep(server, end, accountOf) };
        forgetLater(id);
        options.onEnded(one.signIn);
      });
      if (isClosed) flow.cancel('Tocsin was ended.');
      return { outcome: 'started', signIn: one.signIn };
    },
    get: (id) => begun.get(id)?.signIn ?? null,
    finish(id, address) {
      const one = begun.get(id);
      if (one === undefined || one.signIn.state !== 'waiting') return 'This sign-in is over. Start it again.';
      return one.flow.finish(address);
    },
    cancel(id) {
      const one = begun.get(id);
      one?.flow.cancel('The sign-in was called off.');
      return one !== undefined;
    },
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
      for (const { flow } of begun.values()) flow.cancel('Tocsin was ended.');
    },
  };
}

async function startFlow(way: SignInFlow, options: FlowOptions): Promise<FlowStart> {
  switch (way) {
    case 'device': {
      const { startDeviceFlow } = await import('./device-flow.ts');
      return startDeviceFlow(options);
    }
    case 'browser': {
      const { startBrowserFlow } = await import('./browser-flow.ts');
      return startBrowserFlow(options);
    }
  }
}

function stateOf(isIncomplete: boolean, hasGrant: boolean, isOver: boolean): SignInStatus['state'] {
  if (isIncomplete) return 'not-set-up';
  if (!hasGrant) return 'signed-out';
  return isOver ? 'ended' : 'signed-in';
}

/** Mail servers take a token of one account for that account alone; one may stand for another only where an administrator allows it. */
function signedInSentence(user: string, account: string | null): string {
  if (account === null || account.toLowerCase() === user.toLowerCase()) return `Signed in as ${user}.`;
  return `Signed in as ${account}, while the settings say ${user}: many servers refuse that. Sign in as ${user}, or change the user name.`;
}
