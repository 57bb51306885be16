import { serverLabel } from '../../../mail/smtp-server-options.ts';
import type { SignIn } from '../../../shared/contract/ipc.ts';
import type { Clock, Random } from '../../../shared/model/clock.ts';
import type { SecretStore } from '../settings/secret-store.ts';
import { missingForSignIn, type OAuthServer, type SignInFlow } from './provider.ts';
import type { Flow, FlowEnd, FlowOptions, FlowStart } from './sign-in-flow.ts';
import type { accountOf as AccountOf } from './token-endpoint.ts';
import type { TokenSource, TokenSourceSetUp } from './token-source.ts';

export type SignInStart =
  | { readonly outcome: 'started'; readonly signIn: SignIn }
  | { readonly outcome: 'refused'; readonly sentence: string };

export interface SignInsOptions {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly setUpOf: (server: OAuthServer) => TokenSourceSetUp;
  /** Who takes over what a sign-in brings. */
  readonly sourceOf: (server: OAuthServer) => TokenSource;
  /** Told when a sign-in has ended, one way or the other. */
  readonly onEnded: (signIn: SignIn) => void;
}

/** Sign-ins that were begun, until some minutes after they are over. */
export interface SignIns {
  start(server: OAuthServer, flow: SignInFlow | undefined): Promise<SignInStart>;
  get(id: string): SignIn | null;
  finish(id: string, address: string): string | null;
  cancel(id: string): boolean;
  /** Ends those that wait. */
  close(): void;
}

interface Begun {
  readonly flow: Flow;
  readonly grantName: string;
  signIn: SignIn;
}

/** A sign-in that is over can be asked after for so long. */
const REMEMBERED_MS = 10 * 60_000;

export function createSignIns(options: SignInsOptions): SignIns {
  const { secrets, clock, random, setUpOf } = options;
  const begun = new Map<string, Begun>();
  let isClosed = false;

  /** What a flow has brought is kept before anybody is told. */
  const keep = (server: OAuthServer, end: FlowEnd, accountOf: typeof AccountOf): Partial<SignIn> => {
    const { user, clientSecret } = server.auth;
    if (end.kind === 'failed') return { state: 'failed', sentence: end.sentence };
    const account = accountOf(end.tokens);
    try {
      const { names } = setUpOf(server);
      if (clientSecret !== undefined) secrets.change(new Map([[names.client, clientSecret]]));
      options.sourceOf(server).signedIn(end.tokens, account);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { state: 'failed', sentence: `The sign-in of ${user} worked, but cannot be kept: ${why}.` };
    }
    return { state: 'signed-in', account, sentence: signedInSentence(user, account) };
  };

  return {
    async start(server, wanted) {
      const { whose, provider, names, endpoint } = setUpOf(server);
      const [missing] = missingForSignIn(server.auth);
      if (missing !== undefined) return refused(`Nobody can sign in: ${missing.key} ${missing.message}.`);
      const way = wanted ?? provider.flows[0];
      if (way === undefined || !provider.flows.includes(way)) {
        const what = wanted === 'device' ? 'a code' : 'the browser';
        return refused(`With ${whose.label} nobody can sign in by ${what}.`);
      }
      for (const other of begun.values()) {
        if (other.grantName === names.grant) other.flow.cancel('Another sign-in for this account was begun.');
      }
      const { user, clientSecret = secrets.get(names.client) } = server.auth;
      const [{ accountOf }, started] = await Promise.all([
        import('./token-endpoint.ts'),
        startFlow(way, { provider, user, clientSecret, endpoint }),
      ]);
      if (!started.ok) return refused(started.sentence);
      const { flow } = started;
      const id = random.id(clock.now());
      const nothingYet = { state: 'waiting', account: null, sentence: null } as const;
      const named = { id, server: serverLabel(server), user, provider: whose.label };
      const one: Begun = {
        flow,
        grantName: names.grant,
        signIn: { ...named, flow: way, ...flow.prompt, ...nothingYet },
      };
      begun.set(id, one);
      void flow.ended.then((end) => {
        one.signIn = { ...one.signIn, ...keep(server, end, accountOf) };
        clock.after(REMEMBERED_MS, () => begun.delete(id));
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
    close() {
      isClosed = true;
      for (const { flow } of begun.values()) flow.cancel('Tocsin was ended.');
    },
  };
}

function refused(sentence: string): SignInStart {
  return { outcome: 'refused', sentence };
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

/** Mail servers take a token of one account for that account alone; one may stand for another only where an administrator allows it. */
function signedInSentence(user: string, account: string | null): string {
  if (account === null || account.toLowerCase() === user.toLowerCase()) return `Signed in as ${user}.`;
  return `Signed in as ${account}, while the settings say ${user}: many servers refuse that. Sign in as ${user}, or change the user name.`;
}
