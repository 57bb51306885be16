import type { TokenFailure } from '../../../mail/access-token.ts';
import { ERRORS, errorSentence } from '../../../shared/errors.ts';

/** Who signs in where, as sentences name them. */
export interface Whose {
  readonly user: string;
  /** What people call the sign-in service. */
  readonly label: string;
  /** The mail server. */
  readonly host: string;
}

/** What to do about every sign-in that is missing or over. */
const SIGN_IN = 'on the page E-mail, or by “tocsin sign-in”';

/** Nobody has signed in yet, or somebody has signed out. */
export function notSignedIn({ user, label, host }: Whose): TokenFailure {
  const sentence = `Nobody has signed in as ${user} for the mail server ${host} yet.`;
  return {
    code: 'smtp_auth_failed',
    detail: `nobody has signed in as ${user} with ${label}`,
    words: {
      sentence,
      cause: 'The settings say OAuth 2.0, which takes a sign-in by a person once.',
      mend: `Sign in ${SIGN_IN}. Mail waits until then.`,
    },
    pauses: true,
  };
}

/** The settings lack what it takes. `missing`: the keys. */
export function notSetUp({ user }: Whose, missing: readonly string[]): TokenFailure {
  const keys = missing.join(', ');
  return {
    code: 'smtp_auth_failed',
    detail: `signing in as ${user} is not set up: ${keys} is missing in the settings`,
    words: {
      sentence: `Signing in as ${user} by OAuth 2.0 is not set up.`,
      cause: `The settings of the server lack ${keys}.`,
      mend: `Enter ${keys} on the page E-mail, or in the settings file.`,
    },
    pauses: true,
  };
}

/** RFC 6749 5.2 and OpenID Connect Core 3.1.2.6: what only a person can mend who signs in again. */
const OVER: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
]);

/** The service gives no more tokens, and says why. */
export function refusedToRenew(
  { user, label }: Whose,
  error: string,
  description: string | null,
): TokenFailure {
  const said = description === null ? error : `${error}: ${description.replace(/[.\s]+$/, '')}`;
  if (OVER.has(error)) {
    return {
      code: 'smtp_auth_failed',
      detail: `the sign-in of ${user} with ${label} has ended (${said}); sign in again`,
      words: {
        sentence: `The sign-in of ${user} with ${label} has ended (${said}).`,
        cause: 'It was withdrawn, has not been used for months, or the password of the account was changed.',
        mend: `Sign in again ${SIGN_IN}. Mail waits until then.`,
      },
      pauses: true,
    };
  }
  return {
    code: 'smtp_auth_failed',
    detail: `${label} gives no access token for ${user} (${said})`,
    words: {
      sentence: `${appRefused(label)} (${said}).`,
      cause: 'Client id, client secret, tenant or scope in the settings are not those of the registered app.',
      mend: 'Compare them with what the provider shows for the app, save them, and sign in again.',
    },
    pauses: true,
  };
}

export function appRefused(label: string): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)} does not take Tocsin as the app it is set up as`;
}

/** Nobody there to give a token. `why` is in words. */
export function serviceUnreachable({ host }: Whose, why: string): TokenFailure {
  const code = 'oauth_unreachable';
  return {
    code,
    detail: `the sign-in service cannot be reached (${why})`,
    words: {
      sentence: `${errorSentence(code, { server: host }).replace(/\.$/, '')} (${why}).`,
      cause: ERRORS[code].cause,
      mend: ERRORS[code].mend,
    },
    pauses: false,
  };
}
