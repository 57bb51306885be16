import type { ErrorCode } from '../shared/errors.ts';

/** Something servers say that means more than its number, with where it was seen. */
interface KnownSentence {
  readonly source: string;
  readonly says: RegExp;
  readonly code: ErrorCode;
}

/**
 * What well-known servers say, most telling first. The number of a reply says too little: 550 5.7.1 is "no such
 * user here", "you may not relay" or "not from this sender", depending on whom one asks. Matched against the reply
 * on one line with its numbers, lower or upper case; each pattern runs in linear time.
 */
const KNOWN_SENTENCES: readonly KnownSentence[] = [
  {
    source: 'Exchange Online: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled',
    says: /\b5\.7\.139\b|smtpclientauthentication is disabled/i,
    code: 'smtp_auth_method_disabled',
  },
  {
    source:
      'Exchange Online since 2026: 550 5.7.30 Basic authentication is not supported for Client Submission',
    says: /\b550[ -]5\.7\.30\b|basic authentication is (?:disabled|not supported)/i,
    code: 'smtp_auth_method_disabled',
  },
  {
    source:
      'Gmail: 534 5.7.9 Application-specific password required; 534 5.7.14 Please log in via your browser',
    says: /\b534[ -]5\.7\.(?:9|14)\b|application-specific password required/i,
    code: 'smtp_auth_method_disabled',
  },
  {
    source: 'RFC 3207 4: 530 5.7.0 Must issue a STARTTLS command first; RFC 4954 6: 538 5.7.11',
    says: /must issue a starttls command|\b538[ -]|encryption required for requested authentication/i,
    code: 'smtp_tls_failed',
  },
  {
    source:
      'RFC 4954 6: 530 5.7.0 Authentication required; Exchange: 530 5.7.57 Client not authenticated to send mail',
    says: /^530[ -]|\b5\.7\.57\b|authentication (?:is )?required|client (?:was|is) not authenticated/i,
    code: 'smtp_auth_failed',
  },
  {
    source:
      'Exchange: 554 5.2.252 SendAsDenied; 550 5.7.60 Client does not have permissions to send as this sender',
    says: /\b5\.2\.252\b|\b5\.7\.60\b|sendasdenied|permissions? to send as this sender/i,
    code: 'smtp_sender_rejected',
  },
  {
    source: 'Postfix, which delays it to RCPT: 553 5.7.1 <…>: Sender address rejected: not owned by user',
    says: /sender address rejected|sender verify failed/i,
    code: 'smtp_sender_rejected',
  },
  {
    source: 'RFC 3463 3.2: X.1.7 bad sender address syntax, X.1.8 bad sender system address',
    says: /^[45]\d\d[ -][45]\.1\.[78]\b/,
    code: 'smtp_sender_rejected',
  },
  {
    source:
      'Postfix "Relay access denied", Exim "relay not permitted", sendmail "Relaying denied", Exchange "Unable to relay"',
    says: /relay access denied|relay(?:ing)? (?:is )?(?:not permitted|denied|not allowed|prohibited)|unable to relay|not permitted to relay|we do not relay/i,
    code: 'smtp_relaying_denied',
  },
  {
    source:
      "qmail: 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1); Exchange: 5.7.54, 5.7.64",
    says: /allowed rcpthosts|\b5\.7\.(?:54|64)\b/i,
    code: 'smtp_relaying_denied',
  },
  {
    source: 'Postfix, which delays it to RCPT: 554 5.7.1 <…>: Client host rejected: Access denied',
    says: /client host rejected|client host \[[^\]]{0,80}\] blocked/i,
    code: 'smtp_relaying_denied',
  },
];

/** The code of the first known sentence that a reply contains; null when it says nothing known. */
export function knownSentence(reply: string): ErrorCode | null {
  return KNOWN_SENTENCES.find((sentence) => sentence.says.test(reply))?.code ?? null;
}
