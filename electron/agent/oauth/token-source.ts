import type { AccessTokens, TokenAnswer, TokenFailure } from '../../../mail/access-token.ts';
import type { SecretStore } from '../settings/secret-store.ts';
import { forgetGrant, type Grant, readGrant, writeGrant } from './grant-store.ts';
import type { Provider } from './provider.ts';
import type { EndpointParts, Tokens } from './token-endpoint.ts';
import { notSetUp, notSignedIn, refusedToRenew, serviceUnreachable, type Whose } from './words.ts';

/** A token is renewed so long before its end, in milliseconds: what was begun with it can be brought to an end. */
const AHEAD_MS = 5 * 60_000;
/** RFC 6749 5.1 leaves the lifetime out where it is told otherwise; an hour is what Microsoft and Google give. */
const USUAL_SECONDS = 3600;
/** A refused sign-in is asked for again after so long, as a refused password is: it may have been a fault of the service. */
const LOST_MS = 60 * 60_000;
/** A token that was replaced because a mail server refused it is as good as any for so long. */
const REPLACED_MS = 10 * 60_000;
/** No service holds us off for longer than this, whatever it asks for. */
const HOLD_OFF_MOST_MS = 60 * 60_000;

/** What a source works with; the settings may change it while the source lives. */
export interface TokenSourceSetUp {
  readonly whose: Whose;
  readonly provider: Provider;
  /** Keys that the settings lack. */
  readonly missing: readonly string[];
  /** Under which name of the secret store the sign-in is kept, and the secret of the app. */
  readonly names: { readonly grant: string; readonly client: string };
  readonly endpoint: EndpointParts;
  readonly secrets: SecretStore;
  /** Told of what somebody should know; never a secret. */
  readonly onTrouble: (text: string) => void;
}

interface Access {
  readonly token: string;
  /** By both clocks: the one stands still while the computer sleeps, the other jumps. */
  readonly endsAt: number;
  readonly endsMs: number;
  readonly aheadMs: number;
}

/** How a sign-in stands. */
export interface SourceView {
  readonly grant: Grant | null;
  /** When the access token at hand ends; null while there is none. */
  readonly endsAt: number | null;
  readonly obstacle: TokenFailure | null;
}

/** The access tokens of one account at one mail server: had by its sign-in, kept in memory alone, renewed ahead of their end. */
export class TokenSource implements AccessTokens {
  #setUp: TokenSourceSetUp;
  #access: Access | null = null;
  #refreshing: Promise<TokenAnswer> | null = null;
  #lost: { readonly failure: TokenFailure; readonly sinceMs: number } | null = null;
  #busy: { readonly failure: TokenFailure; readonly untilMs: number } | null = null;
  #replacedMs = Number.NEGATIVE_INFINITY;
  /** A sign-in that the disk did not take yet. */
  #unsaved: Grant | null = null;
  /** Counts sign-ins and sign-outs: an answer to an earlier one's question is not taken. */
  #era = 0;

  constructor(setUp: TokenSourceSetUp) {
    this.#setUp = setUp;
  }

  /** The settings were saved or looked at anew: what was wrong with them may be mended. */
  setUp(setUp: TokenSourceSetUp): void {
    const isOther =
      JSON.stringify([setUp.provider, setUp.whose]) !==
      JSON.stringify([this.#setUp.provider, this.#setUp.whose]);
    this.#setUp = setUp;
    if (isOther) this.#lost = null;
  }

  /** Somebody has saved the settings: what was wrong may be mended, in the provider's books as well. */
  forgive(): void {
    this.#lost = null;
    this.#busy = null;
  }

  obstacle(): TokenFailure | null {
    const { whose, missing } = this.#setUp;
    if (missing.length > 0) return notSetUp(whose, missing);
    if (this.#lost !== null && this.#nowMs() - this.#lost.sinceMs < LOST_MS) return this.#lost.failure;
    if (this.#grant() === null) return notSignedIn(whose);
    return this.#busy !== null && this.#nowMs() < this.#busy.untilMs ? this.#busy.failure : null;
  }

  async get(refused: string | null): Promise<TokenAnswer> {
    const access = this.#access;
    if (refused !== null && access?.token === refused) {
      if (this.#nowMs() - this.#replacedMs < REPLACED_MS) return { refusedForGood: true };
      this.#replacedMs = this.#nowMs();
      this.#access = null;
      return this.#refresh();
    }
    if (access === null || this.#leftMs(access) <= 0) return this.#refresh();
    if (this.#leftMs(access) > access.aheadMs) return { token: access.token };
    const renewed = await this.#refresh();
    // It is good for some minutes yet, and by then the service may answer again.
    return 'failure' in renewed && !renewed.failure.pauses ? { token: access.token } : renewed;
  }

  /** Renews a sign-in that was not used for so long: some providers end those that nobody uses, in silence. */
  async keepUp(olderThanMs: number): Promise<void> {
    const grant = this.#grant();
    if (grant === null || this.obstacle() !== null) return;
    if (this.#setUp.endpoint.clock.now() - grant.renewedAt >= olderThanMs) await this.#refresh();
  }

  /** Takes over what a sign-in has brought. Throws where the disk does not take it. */
  signedIn(tokens: Tokens & { refresh_token: string }, account: string | null): void {
    const now = this.#setUp.endpoint.clock.now();
    const grant = { refreshToken: tokens.refresh_token, account, signedInAt: now, renewedAt: now };
    writeGrant(this.#setUp.secrets, this.#setUp.names.grant, grant);
    this.#startEra();
    this.#access = this.#accessOf(tokens);
  }

  /** Forgets the sign-in; gives the refresh token that there was, to be withdrawn. */
  signOut(): string | null {
    const grant = this.#grant();
    if (grant !== null) forgetGrant(this.#setUp.secrets, this.#setUp.names.grant);
    this.#startEra();
    return grant?.refreshToken ?? null;
  }

  view(): SourceView {
    return { grant: this.#grant(), endsAt: this.#access?.endsAt ?? null, obstacle: this.obstacle() };
  }

  #startEra(): void {
    this.#era += 1;
    this.#access = null;
    this.#unsaved = null;
    this.#lost = null;
    this.#busy = null;
    this.#refreshing = null;
    this.#replacedMs = Number.NEGATIVE_INFINITY;
  }

  #nowMs(): number {
    return this.#setUp.endpoint.clock.monotonic();
  }

  #leftMs({ endsAt, endsMs }: Access): number {
    return Math.min(endsAt - this.#setUp.endpoint.clock.now(), endsMs - this.#nowMs());
  }

  #grant(): Grant | null {
    return this.#unsaved ?? readGrant(this.#setUp.secrets, this.#setUp.names.grant);
  }

  /** One question at a time: whoever else needs a token meanwhile waits for its answer. */
  #refresh(): Promise<TokenAnswer> {
    if (this.#refreshing !== null) return this.#refreshing;
    const asking = this.#ask().finally(() => {
      if (this.#refreshing === asking) this.#refreshing = null;
    });
    this.#refreshing = asking;
    return asking;
  }

  async #ask(): Promise<TokenAnswer> {
    const obstacle = this.obstacle();
    if (obstacle !== null) return { failure: obstacle };
    const { provider, whose, endpoint, secrets, names } = this.#setUp;
    const grant = this.#grant();
    if (grant === null || provider.tokenEndpoint === null) return { failure: notSignedIn(whose) };
    const era = this.#era;
    // Loaded when a token is first needed: most installations log in otherwise, or not at all.
    const { postForm, tokensOf } = await import('./token-endpoint.ts');
    const secret = secrets.get(names.client);
    const answer = await postForm(
      provider.tokenEndpoint,
      {
        grant_type: 'refresh_token',
        refresh_token: grant.refreshToken,
        client_id: provider.clientId ?? '',
        ...(secret === null ? {} : { client_secret: secret }),
      },
      endpoint,
    );
    if (era !== this.#era) return this.get(null);
    if (answer.kind === 'unreachable') return this.#held(answer.why, answer.retryAfterMs);
    if (answer.kind === 'refused') return this.#ended(answer.error, answer.description);
    const tokens = tokensOf(answer.body);
    if (tokens === null) return this.#held('it gave no access token that can be used', null);
    return { token: this.#renewed(tokens, grant) };
  }

  #held(why: string, retryAfterMs: number | null): TokenAnswer {
    const failure = serviceUnreachable(this.#setUp.whose, why);
    const holdOffMs = Math.min(retryAfterMs ?? 0, HOLD_OFF_MOST_MS);
    this.#busy = { failure, untilMs: this.#nowMs() + holdOffMs };
    return { failure };
  }

  #ended(error: string, description: string | null): TokenAnswer {
    const failure = refusedToRenew(this.#setUp.whose, error, description);
    this.#access = null;
    this.#lost = { failure, sinceMs: this.#nowMs() };
    this.#setUp.onTrouble(`${failure.words.sentence} ${failure.words.mend}`);
    return { failure };
  }

  #renewed(tokens: Tokens, before: Grant): string {
    const now = this.#setUp.endpoint.clock.now();
    // RFC 6749 6: a new refresh token takes the place of the old one, which may be good for nothing from now on.
    const grant = { ...before, refreshToken: tokens.refresh_token ?? before.refreshToken, renewedAt: now };
    this.#unsaved = grant;
    try {
      writeGrant(this.#setUp.secrets, this.#setUp.names.grant, grant);
      this.#unsaved = null;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#setUp.onTrouble(
        `The renewed sign-in of ${this.#setUp.whose.user} cannot be written: ${why}. It is kept in memory.`,
      );
    }
    this.#lost = null;
    this.#busy = null;
    this.#access = this.#accessOf(tokens);
    return tokens.access_token;
  }

  #accessOf({ access_token: token, expires_in: seconds = USUAL_SECONDS }: Tokens): Access {
    const lifeMs = seconds * 1000;
    const { clock } = this.#setUp.endpoint;
    return {
      token,
      endsAt: clock.now() + lifeMs,
      endsMs: clock.monotonic() + lifeMs,
      // Of one that lives for minutes, half its life is ahead enough.
      aheadMs: Math.min(AHEAD_MS, lifeMs / 2),
    };
  }
}
