import type { FaultWords } from './access-token.ts';
import type { Judgement } from './smtp-reply.ts';
import { cleanReply } from './smtp-reply.ts';
import { methodsOffered } from './session-facts.ts';

/** How a token is offered: Google's and Microsoft's own way, or the one of RFC 7628. */
export type TokenMechanism = 'XOAUTH2' | 'OAUTHBEARER';

/** The mechanism to offer a token by; null where the server takes none on this connection. */
export function tokenMechanism(ehlo: string): TokenMechanism | null {
  const offered = methodsOffered(ehlo);
  if (offered.includes('XOAUTH2')) return 'XOAUTH2';
  return offered.includes('OAUTHBEARER') ? 'OAUTHBEARER' : null;
}

export interface TokenOffer {
  readonly user: string;
  readonly token: string;
  readonly host: string;
  readonly port: number;
}

/** The initial response of the mechanism, in base64. It holds the token: a secret. */
export function tokenResponse(mechanism: TokenMechanism, { user, token, host, port }: TokenOffer): string {
  const bearer = `auth=Bearer ${token}\u0001\u0001`;
  // RFC 5801 4: a comma or an equals sign would end the name.
  const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const text =
    mechanism === 'XOAUTH2'
      ? `user=${user}\u0001${bearer}`
      : `n,a=${name},\u0001host=${host}\u0001port=${port}\u0001${bearer}`;
  return Buffer.from(text, 'utf8').toString('base64');
}

/** What a client answers to the challenge that says why a token was refused (RFC 7628 3.2.3). */
export function challengeAnswer(mechanism: TokenMechanism): string {
  return mechanism === 'XOAUTH2' ? '' : 'AQ==';
}

/** What the numbers in the challenge mean; they are those of HTTP (RFC 6750 3.1). */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  '400': 'the token does not belong to this user, or is not valid or no longer so',
  '401': 'the token is not valid or has expired',
  '403': 'the token does not allow sending mail',
  invalid_token: 'the token is not valid or has expired',
  insufficient_scope: 'the token does not allow sending mail',
  invalid_request: 'the token was not understood',
};

/**
 * Reads the challenge (334) by which servers say in JSON why they refused a token, and says it in words; null where the
 * reply is none, or says nothing.
 */
export function challengeText(reply: string, secrets: readonly string[]): string | null {
  const encoded = /^334[ -](\S+)/.exec(reply)?.[1];
  if (encoded === undefined) return null;
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(encoded.slice(0, 8192), 'base64').toString('utf8'));
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null) return null;
  const field = (name: string): string | null => {
    const value = (said as Readonly<Record<string, unknown>>)[name];
    const text =
      typeof value === 'string' || typeof value === 'number' ? cleanReply(String(value), secrets) : '';
    return text === '' ? null : text;
  };
  const status = field('status') ?? field('error');
  if (status === null) return null;
  const meaning = STATUS_WORDS[status];
  const described = field('error_description');
  const scope = field('scope');
  return [
    `The server answered the token with ${status}${meaning === undefined ? '' : ` (${meaning})`}`,
    ...(described === null ? [] : [`“${described}”`]),
    ...(scope === null ? [] : [`it wants the scope ${scope}`]),
  ].join('; ');
}

/** What a refused token means, where the words of the code speak of passwords; null where they do not. */
export function tokenRefusal(code: Judgement['code'], host: string, user: string): FaultWords | null {
  switch (code) {
    case 'smtp_auth_failed':
      return {
        sentence: `The mail server ${host} did not accept the sign-in of ${user}.`,
        cause:
          'The sign-in was made with another account, lacks the right to send by SMTP, or was withdrawn.',
        mend: `Sign in again with the account ${user}, and check that it may send by SMTP. Tocsin waits an hour before it tries again.`,
      };
    case 'smtp_auth_method_disabled':
      return {
        sentence: `The mail server ${host} does not let ${user} send by SMTP.`,
        cause: 'Sending by SMTP is switched off for this mailbox or for the whole organisation.',
        mend: 'Have an administrator allow “Authenticated SMTP” for this mailbox.',
      };
    default:
      return null;
  }
}

/** What to say where the server takes no token on this connection. */
export function noTokenLogin(host: string): FaultWords {
  return {
    sentence: `The mail server ${host} offers no sign-in by OAuth 2.0 on this connection.`,
    cause: 'It does not know OAuth 2.0, or offers it only on an encrypted connection.',
    mend: 'Set connection security to STARTTLS or TLS, or use a user name and password.',
  };
}
