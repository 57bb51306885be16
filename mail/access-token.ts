import type { ErrorCode, ErrorEntry } from '../shared/errors.ts';

/** What is said of a failure in place of the words that its code has for all cases. */
export type FaultWords = Pick<ErrorEntry, 'sentence' | 'cause' | 'mend'>;

/** Why there is no token to log in with. */
export interface TokenFailure {
  readonly code: ErrorCode;
  /** One sentence about this case, for the delivery log. */
  readonly detail: string;
  readonly words: FaultWords;
  /** Whether asking again soon is of no use: somebody has to sign in, or to mend the settings. */
  readonly pauses: boolean;
}

export type TokenAnswer =
  | { readonly token: string }
  | { readonly failure: TokenFailure }
  /** The token that was refused is as good as any: another one was fetched a short while ago already. */
  | { readonly refusedForGood: true };

/** Where the access tokens of one account come from (RFC 6749 1.4). Whoever makes it owns what stands behind it. */
export interface AccessTokens {
  /** What keeps a token from being had, as far as is known without asking anybody; null where nothing does. */
  obstacle(): TokenFailure | null;
  /**
   * A token that is good for some minutes. `refused`: one that the mail server has just not taken, so that another is
   * wanted. Never rejects, and answers within the limits of one request.
   */
  get(refused: string | null): Promise<TokenAnswer>;
}
