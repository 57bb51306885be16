import { ERRORS, type ErrorCode } from './errors.ts';

/** Something servers say that means more than its number. */
export interface KnownSentence {
  /** Whose words they are. */
  readonly product: string;
  /** As the server writes it, shortened; each example is matched by its own entry (a test). */
  readonly example: string;
  readonly says: RegExp;
  readonly code: ErrorCode;
  /** Null: what the code says of itself is all there is to say. */
  readonly cause: string | null;
  readonly mend: string | null;
  /** Where the words are written down. */
  readonly source: string;
  /** The reply means what its number and stage say, and the sentence only tells more about it. */
  readonly isAdviceOnly?: true;
}

const MICROSOFT_NDR =
  'https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online';
const MICROSOFT_SMTP_AUTH =
  'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission';
const MICROSOFT_BASIC_AUTH =
  'https://techcommunity.microsoft.com/t5/exchange-team-blog/exchange-online-to-retire-basic-auth-for-client-submission-smtp/ba-p/4114750';
const EXCHANGE_RELAY = 'https://learn.microsoft.com/exchange/mail-flow/connectors/allow-anonymous-relay';
const GOOGLE = 'https://support.google.com/a/answer/3726730';
const POSTFIX = 'https://github.com/vdukhovni/postfix/blob/master/postfix/src/smtpd/smtpd_check.c';
const EXIM = 'https://github.com/Exim/exim/blob/master/src/src/configure.default';
const SENDMAIL = 'https://github.com/freebsd/freebsd-src/blob/main/contrib/sendmail/cf/m4/proto.m4';
const rfc = (number: number, section: string): string =>
  `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;

/**
 * What well-known servers say, most telling first. The number of a reply says too little: 550 5.7.1 is "no such
 * user here", "you may not relay" or "not from this sender", depending on whom one asks. Matched against the reply
 * on one line with its numbers, lower or upper case; each pattern runs in linear time.
 */
export const KNOWN_SENTENCES: readonly KnownSentence[] = [
  {
    product: 'Microsoft 365',
    example: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    says: /smtpclientauthentication is disabled/i,
    code: 'smtp_auth_method_disabled',
    cause:
      'Microsoft 365 has SMTP AUTH switched off, for the whole organisation (“for the Tenant”) or for this mailbox (“for the Mailbox”).',
    mend: 'Have an administrator turn on “Authenticated SMTP” for this mailbox (Microsoft 365 admin center, Active users, Mail, Manage email apps), sign in with OAuth 2.0, or send through another server.',
    source: MICROSOFT_SMTP_AUTH,
  },
  {
    product: 'Microsoft 365',
    example:
      '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect, or: the request did not meet the criteria',
    says: /\b5\.7\.139\b/,
    code: 'smtp_auth_method_disabled',
    cause:
      'Microsoft 365 did not let the password pass: a security default, a conditional access rule or multi-factor authentication forbids signing in with it.',
    mend: 'Sign in with OAuth 2.0, or have an administrator exclude this mailbox from the rule that forbids passwords for SMTP.',
    source: MICROSOFT_SMTP_AUTH,
  },
  {
    product: 'Microsoft 365',
    example: '550 5.7.30 Basic authentication is not supported for Client Submission.',
    says: /\b550[ -]5\.7\.30\b|basic authentication is (?:disabled|not supported)/i,
    code: 'smtp_auth_method_disabled',
    cause:
      'Microsoft has ended passwords for SMTP (“Basic authentication”); no administrator can turn them on again where this is said.',
    mend: 'Sign in with OAuth 2.0, send through another server, or through the Tocsin Web Service.',
    source: MICROSOFT_BASIC_AUTH,
  },
  {
    product: 'Google',
    example: '534-5.7.9 Application-specific password required.',
    says: /\b534[ -]5\.7\.(?:9|14)\b|application-specific password required/i,
    code: 'smtp_auth_method_disabled',
    cause: 'Google takes no account password for SMTP, least of all where 2-step verification is on.',
    mend: 'Make an app password for this account (Google Account, Security, App passwords) and enter that, or sign in with OAuth 2.0.',
    source: GOOGLE,
  },
  {
    product: 'Google',
    example: '535-5.7.8 Username and Password not accepted. For more information, go to … gsmtp',
    says: /\b535[ -]5\.7\.8\b.{0,200}\b(?:gsmtp|google)\b/i,
    code: 'smtp_auth_failed',
    cause:
      'Google refused the password: it is wrong, or it is the one of the account, which Google does not take.',
    mend: 'Enter an app password (Google Account, Security, App passwords), without its spaces.',
    source: GOOGLE,
    isAdviceOnly: true,
  },
  {
    product: 'any (RFC 3207, RFC 4954)',
    example: '530 5.7.0 Must issue a STARTTLS command first',
    says: /must issue a starttls command|\b538[ -]|encryption required for requested authentication/i,
    code: 'smtp_tls_failed',
    cause: 'The server takes nothing over a connection that is not encrypted.',
    mend: 'Set connection security to STARTTLS (port 587 or 25), or to TLS on port 465.',
    source: rfc(3207, '4'),
  },
  {
    product: 'Exchange, Microsoft 365',
    example: '530 5.7.57 Client not authenticated to send mail.',
    says: /\b5\.7\.57\b|client (?:was|is) not authenticated/i,
    code: 'smtp_auth_failed',
    cause:
      'The server wants a login before it takes mail, and none was made. With Microsoft 365 this also happens where SMTP AUTH is switched off for the mailbox.',
    mend: 'Turn on “Requires authentication” and enter user name and password; with Microsoft 365 use port 587 with STARTTLS.',
    source: MICROSOFT_NDR,
  },
  {
    product: 'any (RFC 4954)',
    example: '530 5.7.0 Authentication required',
    says: /^530[ -]|authentication (?:is )?required/i,
    code: 'smtp_auth_failed',
    cause: 'The server wants a login before it takes mail, and none was made.',
    mend: 'Turn on “Requires authentication” and enter user name and password.',
    source: rfc(4954, '6'),
  },
  {
    product: 'Microsoft 365',
    example: '554 5.2.252 SendAsDenied; tocsin@contoso.example not allowed to send as it@contoso.example',
    says: /\b5\.2\.252\b|sendasdenied/i,
    code: 'smtp_sender_rejected',
    cause: 'The account that logs in may not send from the From address.',
    mend: 'Set the From address to the one of the login, or have an administrator grant “Send as” for it.',
    source: MICROSOFT_NDR,
  },
  {
    product: 'Exchange',
    example: '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    says: /\b5\.7\.60\b|permissions? to send as this sender/i,
    code: 'smtp_sender_rejected',
    cause: 'The account that logs in, or this computer, may not send from the From address.',
    mend: 'Set the From address to the one of the login, or have the right “Send as” granted for it.',
    source: MICROSOFT_NDR,
  },
  {
    product: 'Postfix',
    example: '553 5.7.1 <it@contoso.example>: Sender address rejected: not owned by user tocsin',
    says: /sender address rejected: not (?:owned by user|logged in)/i,
    code: 'smtp_sender_rejected',
    cause: 'The server ties From addresses to logins, and this From address does not belong to this login.',
    mend: 'Set the From address to the one of the login, or have the login allowed to use it (smtpd_sender_login_maps).',
    source: POSTFIX,
  },
  {
    product: 'Postfix',
    example: '450 4.1.8 <tocsin@front-desk>: Sender address rejected: Domain not found',
    says: /sender address rejected: (?:domain not found|need fully-qualified address)/i,
    code: 'smtp_sender_rejected',
    cause: 'The domain of the From address does not exist in DNS, or is no full name.',
    mend: 'Set a From address at a domain that exists and receives mail.',
    source: POSTFIX,
  },
  {
    product: 'Postfix, Exim',
    example: '550 Sender verify failed',
    says: /sender address rejected|sender verify failed/i,
    code: 'smtp_sender_rejected',
    cause: 'The server looked whether mail could be returned to the From address, and found that it cannot.',
    mend: 'Set a From address that exists and receives mail.',
    source: EXIM,
  },
  {
    product: 'any (RFC 3463)',
    example: '501 5.1.7 Bad sender address syntax',
    says: /^[45]\d\d[ -][45]\.1\.[78]\b/,
    code: 'smtp_sender_rejected',
    cause: null,
    mend: null,
    source: rfc(3463, '3.2'),
  },
  {
    product: 'Exchange',
    example: '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
    says: /unable to relay|\b5\.7\.(?:54|64)\b/i,
    code: 'smtp_relaying_denied',
    cause:
      'Exchange takes mail from this computer for its own domains only: no login was made, and the computer is on no receive connector that may relay.',
    mend: 'Turn on authentication on port 587, or have the address of this computer added to a receive connector that may relay.',
    source: EXCHANGE_RELAY,
  },
  {
    product: 'Postfix',
    example: '554 5.7.1 <it@contoso.example>: Relay access denied',
    says: /relay access denied/i,
    code: 'smtp_relaying_denied',
    cause: 'Postfix passes mail on only for computers in its mynetworks and for those that log in.',
    mend: 'Turn on authentication, usually on port 587 with STARTTLS, or have the address of this computer added to mynetworks.',
    source: POSTFIX,
  },
  {
    product: 'Exim',
    example: '550 relay not permitted',
    says: /relay(?:ing)? (?:is )?not permitted|not permitted to relay/i,
    code: 'smtp_relaying_denied',
    cause: 'Exim passes mail on only for hosts in relay_from_hosts and for those that log in.',
    mend: 'Turn on authentication, or have the address of this computer added to relay_from_hosts.',
    source: EXIM,
  },
  {
    product: 'Sendmail',
    example: '550 5.7.1 <it@contoso.example>... Relaying denied. IP name lookup failed [192.0.2.7]',
    says: /relay(?:ing)? (?:is )?(?:denied|not allowed|prohibited)|we do not relay/i,
    code: 'smtp_relaying_denied',
    cause: 'Sendmail passes mail on only for hosts in its access database and for those that log in.',
    mend: 'Turn on authentication, or have this computer added to the access database with RELAY.',
    source: SENDMAIL,
  },
  {
    product: 'qmail',
    example: "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    says: /allowed rcpthosts/i,
    code: 'smtp_relaying_denied',
    cause: null,
    mend: null,
    source: 'https://cr.yp.to/qmail/faq/servers.html',
  },
  {
    product: 'Postfix',
    example: '554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied',
    says: /client host rejected|client host \[[^\]]{0,80}\] blocked/i,
    code: 'smtp_relaying_denied',
    cause:
      'The server turns the address of this computer away, by a rule of its own or a blocklist; on a submission port it is what Postfix says to those that do not log in.',
    mend: 'Turn on authentication; where it is on, have the address of this computer taken off the list that the server names.',
    source: POSTFIX,
  },
  {
    product: 'Google',
    example: '550-5.7.26 This mail has been blocked because the sender is unauthenticated. gsmtp',
    says: /\b550[ -]5\.7\.26\b/,
    code: 'smtp_message_rejected',
    cause: 'Google takes only mail that SPF or DKIM vouches for, and for this From domain neither does.',
    mend: 'Have the SPF record of the From domain name the server that sends, or send through the domain’s own mail server.',
    source: GOOGLE,
    isAdviceOnly: true,
  },
  {
    product: 'Microsoft 365',
    example: '550 5.7.509 Access denied, sending domain contoso.example does not pass DMARC verification',
    says: /\b5\.7\.(?:509|515)\b/,
    code: 'smtp_message_rejected',
    cause:
      'The From domain asks by DMARC that mail be refused which SPF or DKIM does not vouch for, and neither does.',
    mend: 'Have the SPF record of the From domain name the server that sends, or send through the domain’s own mail server.',
    source: MICROSOFT_NDR,
    isAdviceOnly: true,
  },
  {
    product: 'Microsoft 365',
    example: '550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP',
    says: /\b5\.7\.(?:606|708)\b/,
    code: 'smtp_relaying_denied',
    cause:
      'Microsoft takes no mail from this IP address: it is on a blocklist, or the tenant is too new to be trusted.',
    mend: 'Send through your own account on port 587 instead of straight to the recipient’s server; ask Microsoft to take the address off its list.',
    source: MICROSOFT_NDR,
  },
  {
    product: 'Postfix',
    example:
      '550 5.1.1 <it@contoso.example>: Recipient address rejected: User unknown in local recipient table',
    says: /user unknown in (?:local|virtual|relay)/i,
    code: 'smtp_recipient_rejected',
    cause: 'There is no such mailbox on that server.',
    mend: 'Check the spelling of the address. If it is right, its domain may have moved to another provider that this server does not know of.',
    source: POSTFIX,
    isAdviceOnly: true,
  },
  {
    product: 'Exchange, Microsoft 365',
    example: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    says: /\b5\.1\.10\b|recipientnotfound/i,
    code: 'smtp_recipient_rejected',
    cause: 'There is no such mailbox in that organisation.',
    mend: 'Check the spelling of the address.',
    source: MICROSOFT_NDR,
    isAdviceOnly: true,
  },
  {
    product: 'Microsoft 365',
    example: '550 5.4.1 Recipient address rejected: Access denied.',
    says: /\b5\.4\.1\b.{0,80}access denied/i,
    code: 'smtp_recipient_rejected',
    cause: 'Microsoft 365 does not know the address in that domain (directory-based edge blocking).',
    mend: 'Check the spelling of the address.',
    source: MICROSOFT_NDR,
    isAdviceOnly: true,
  },
  {
    product: 'any (RFC 3463)',
    example: '552 5.2.2 Mailbox full',
    says: /^[45]\d\d[ -][45]\.2\.2\b|\bover quota\b|mailbox (?:is )?full/i,
    code: 'smtp_recipient_rejected',
    cause: 'The mailbox of the recipient is full.',
    mend: 'Have the recipient make room in the mailbox.',
    source: rfc(3463, '3.3'),
    isAdviceOnly: true,
  },
  {
    product: 'Postfix (postgrey), Exim',
    example: '450 4.2.0 <it@contoso.example>: Recipient address rejected: Greylisted, see …',
    says: /gr[ae]y ?-?list/i,
    code: 'smtp_temporary',
    cause: 'The server puts off senders it does not know yet (greylisting), usually for some minutes.',
    mend: 'Nothing to do: Tocsin tries again by itself. So that alerts never wait, log in, or have this computer put on its list.',
    source: 'https://www.rfc-editor.org/rfc/rfc6647',
    isAdviceOnly: true,
  },
  {
    product: 'Postfix, Exchange',
    example: '452 4.3.1 Insufficient system resources',
    says: /^4\d\d[ -]4\.3\.1\b|insufficient system (?:storage|resources)/i,
    code: 'smtp_temporary',
    cause: 'The disk or the memory of the mail server is nearly full (Exchange calls it back pressure).',
    mend: 'Tell whoever runs the server: it needs space. Tocsin tries again by itself.',
    source: POSTFIX,
    isAdviceOnly: true,
  },
  {
    product: 'Microsoft 365',
    example: '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending',
    says: /^432[ -]|(?:thread|concurrent connections) limit exceeded/i,
    code: 'smtp_temporary',
    cause:
      'The mailbox that this computer logs in with has as many connections open as the server lets it have (three).',
    mend: 'Tocsin makes do with fewer by itself. Where several computers or devices share the mailbox, give each its own, or send over a connector or the Web Service.',
    source:
      'https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/how-to-set-up-a-multifunction-device-or-application-to-send-email-using-microsoft-365-or-office-365',
    isAdviceOnly: true,
  },
  {
    product: 'Google, Microsoft 365',
    example: '421 4.7.0 Try again later, closing connection. gsmtp',
    says: /\b421[ -]4\.7\.\d{1,3}\b|too many (?:concurrent )?connections|\b4\.7\.(?:500|650)\b/i,
    code: 'smtp_temporary',
    cause: 'The server limits how much it takes from this address, or from addresses it does not trust.',
    mend: 'Tocsin tries again by itself. If it lasts, log in on port 587 instead of sending straight to the recipient’s server.',
    source: GOOGLE,
    isAdviceOnly: true,
  },
  {
    product: 'any (RFC 1870)',
    example: '552 5.3.4 Message size exceeds fixed limit',
    says: /^5\d\d[ -]5\.3\.4\b|(?:message|size) (?:size )?exceeds|message too (?:large|big)/i,
    code: 'smtp_message_rejected',
    cause: 'The message is larger than the server takes.',
    mend: 'Send smaller attachments, or have the limit of the server raised.',
    source: rfc(1870, '6'),
    isAdviceOnly: true,
  },
];

/** The code that a reply's words lead to, whatever its number; null where they say nothing that decides. */
export function codeOfWords(reply: string): ErrorCode | null {
  return (
    KNOWN_SENTENCES.find(({ says, isAdviceOnly }) => isAdviceOnly === undefined && says.test(reply))?.code ??
    null
  );
}

/**
 * Why something failed and what to do, as exactly as the server's words allow: those of the first known sentence that
 * goes with the code, else those of the code.
 */
export function adviceOn(
  code: ErrorCode,
  reply: string | null,
): { readonly cause: string; readonly mend: string } {
  const known =
    reply === null
      ? undefined
      : KNOWN_SENTENCES.find((sentence) => sentence.code === code && sentence.says.test(reply));
  const { cause, mend } = ERRORS[code];
  return { cause: known?.cause ?? cause, mend: known?.mend ?? mend };
}
