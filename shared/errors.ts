/** What a code means to people, and to the retry policy. */
export interface ErrorEntry {
  /** What happened. `{…}` parts are filled in from the error's details. */
  readonly sentence: string;
  readonly cause: string;
  readonly mend: string;
  /** Whether the same thing may work later without anybody changing anything. */
  readonly retryable: boolean;
}

/** The firewall hint of row K8; belongs to connections that are refused, filtered or reset. */
const FIREWALL_HINT = 'Connection to the SMTP server may be blocked by a firewall.';

/** Every code that people and other programs see, with its words. The one place where they are written down. */
export const ERRORS = {
  smtp_host_not_found: {
    sentence: 'The IP address of the specified SMTP server {server} cannot be resolved.',
    cause: 'The name does not exist, or the DNS server this computer asks does not know it.',
    mend: 'Check the spelling of the server name, or enter its IP address instead.',
    retryable: true,
  },
  smtp_dns_timeout: {
    sentence: 'The IP address of the specified SMTP server {server} cannot be resolved: DNS does not answer.',
    cause: 'The DNS server of this computer did not answer in time.',
    mend: 'Check the network connection and the DNS settings of this computer, or enter the IP address of the server.',
    retryable: true,
  },
  smtp_connection_refused: {
    sentence: 'The mail server {server} refused the connection.',
    cause: `Nothing listens on that port, or the connection is turned away. ${FIREWALL_HINT}`,
    mend: 'Check the port, and whether the mail server runs and a firewall lets this computer through.',
    retryable: true,
  },
  smtp_connection_timeout: {
    sentence: 'The mail server {server} did not answer in time.',
    cause: `The server is down, busy, or out of reach. ${FIREWALL_HINT}`,
    mend: 'Check the name and port, and whether a firewall or the provider blocks the port.',
    retryable: true,
  },
  smtp_blocked: {
    sentence: 'The connection to the mail server {server} was cut off.',
    cause: `Something on the way reset it. ${FIREWALL_HINT}`,
    mend: 'Check firewalls, virus scanners and the list of computers the mail server lets in.',
    retryable: true,
  },
  smtp_not_smtp: {
    sentence: 'What answers at {server} does not speak SMTP.',
    cause: 'The port belongs to another service, or expects TLS from the first byte.',
    mend: 'Check the port and the connection security: 25 and 587 take none or STARTTLS, 465 takes TLS.',
    retryable: true,
  },
  smtp_tls_failed: {
    sentence: 'No encrypted connection to {server} could be set up.',
    cause: 'The server and this computer found no common version of TLS, or the port does not speak TLS.',
    mend: 'Check the connection security that belongs to the port: 587 takes STARTTLS, 465 takes TLS.',
    retryable: true,
  },
  smtp_certificate_untrusted: {
    sentence: 'The certificate of {server} is not signed by anybody this computer trusts.',
    cause: 'The server uses a private certificate authority or a certificate it signed itself.',
    mend: 'Add the certificate of the authority, or of the server, as CA file. Or compare its fingerprint with what whoever runs the server says, and trust this one certificate.',
    retryable: true,
  },
  smtp_certificate_expired: {
    sentence: 'The certificate of {server} has expired or is not valid yet.',
    cause: 'It was not renewed, or the clock of this computer is wrong.',
    mend: 'Have the certificate renewed; check date and time on this computer.',
    retryable: true,
  },
  smtp_certificate_name: {
    sentence: 'The certificate of {server} belongs to another name.',
    cause: 'The server was entered by an alias or an IP address that its certificate does not bear.',
    mend: 'Enter the server by the name in its certificate.',
    retryable: true,
  },
  smtp_certificate_changed: {
    sentence: 'The certificate of {server} is not the one that was trusted. Nothing was sent.',
    cause:
      'The settings trust one certificate by its fingerprint, and the server shows another: it was renewed, or something on the way answers in its place.',
    mend: 'Ask whoever runs the server whether the certificate was renewed. Only if so: test again, compare the new fingerprint, and trust that one.',
    retryable: true,
  },
  smtp_starttls_missing: {
    sentence: 'The mail server {server} offers no encryption on this port, but the settings require it.',
    cause: 'The server does not offer STARTTLS, or something on the way strips the offer. Nothing was sent.',
    mend: 'Use TLS on port 465 if the server has it, or set connection security to none if that is acceptable.',
    retryable: true,
  },
  smtp_auth_failed: {
    sentence: 'The login to the mail server {server} failed.',
    cause:
      'User name or password are wrong or have expired, the account is locked, or a sign-in by OAuth 2.0 has ended.',
    mend: 'Enter user name and password again, or sign in again where that is by OAuth 2.0. Tocsin waits an hour before it tries again, so as not to lock the account.',
    retryable: true,
  },
  smtp_auth_method_disabled: {
    sentence: 'The mail server {server} no longer takes passwords from this account.',
    cause: 'The provider has switched off sign-in with a password for SMTP, for this account or for all.',
    mend: 'Sign in with OAuth 2.0, use an app password, or have an administrator allow SMTP AUTH for this mailbox.',
    retryable: true,
  },
  oauth_unreachable: {
    sentence: 'The sign-in service for the mail server {server} cannot be reached.',
    cause:
      'The service that gives out access tokens (OAuth 2.0) is down or busy, or the network or a firewall is in the way.',
    mend: 'Check whether this computer may open web pages of the sign-in service. Tocsin tries again by itself.',
    retryable: true,
  },
  smtp_sender_rejected: {
    sentence: 'The mail server {server} refused the sender address.',
    cause: 'The account may not send from this address, or the server does not know its domain.',
    mend: 'Set the From address to the one that belongs to the login.',
    retryable: false,
  },
  smtp_recipient_rejected: {
    sentence: 'The mail server {server} refused the recipient {recipient}.',
    cause: 'The mailbox does not exist there, is full, or takes no mail from this sender.',
    mend: 'Check the address of the recipient.',
    retryable: false,
  },
  smtp_relaying_denied: {
    sentence: 'The mail server {server} does not pass mail on to {recipient}.',
    cause: 'It delivers only to its own addresses unless the sender has logged in or is on its list.',
    mend: 'Turn on authentication, or have this computer allowed to relay on that server.',
    retryable: false,
  },
  smtp_message_rejected: {
    sentence: 'The mail server {server} refused the message.',
    cause: 'A rule of the server about content, size or spam turned it away.',
    mend: "Read the server's own words; ask its administrator to let mail from this computer pass.",
    retryable: false,
  },
  smtp_temporary: {
    sentence: 'The mail server {server} asked to try again later.',
    cause: 'It is busy, short of space, or delays senders it does not know yet (greylisting).',
    mend: 'Nothing to do: Tocsin tries again by itself.',
    retryable: true,
  },
  smtp_outcome_unknown: {
    sentence:
      'The connection to {server} was lost after the message had been sent and before the server confirmed it.',
    cause: 'The network or the server failed at that moment. The server may or may not have the message.',
    mend: 'Nothing to do: Tocsin sends it again to the same server under the same Message-ID.',
    retryable: true,
  },
  relay_unreachable: {
    sentence: 'The Tocsin Web Service cannot be reached.',
    cause: 'The service or the network is down, or this computer is not enrolled with a service.',
    mend: 'What waits for it is kept, and sent when it answers. If this computer is not enrolled yet, run "tocsin enroll".',
    retryable: true,
  },
  relay_outcome_unknown: {
    sentence: 'The connection to the Tocsin Web Service was lost before its answer came.',
    cause: 'The network or the service failed at that moment. The service may or may not have the message.',
    mend: 'Nothing to do: Tocsin sends it again under the same id, and the service takes an id once.',
    retryable: true,
  },
  relay_refused_signature_invalid: {
    sentence: 'The Tocsin Web Service refused the signature of this computer.',
    cause: 'The enrolment was revoked, or its key was replaced.',
    mend: 'Enrol this computer again with a new code.',
    retryable: true,
  },
  relay_refused_clock_skew: {
    sentence: 'The clock of this computer is off by more than 5 minutes.',
    cause: 'The Tocsin Web Service compares times to keep copied requests out.',
    mend: 'Set the clock of this computer, or turn on automatic time.',
    retryable: true,
  },
  relay_refused_enrolment_refused: {
    sentence: 'The Tocsin Web Service refused the enrolment code.',
    cause: 'The code was used already, has expired, or does not exist.',
    mend: 'Ask the operator of the service for a new code.',
    retryable: false,
  },
  relay_refused_subscription_expired: {
    sentence: 'The subscription to the Tocsin Web Service has ended.',
    cause: 'Its end date has passed.',
    mend: 'Have it extended. What waits for the service is kept.',
    retryable: true,
  },
  relay_refused_attachments_not_relayed: {
    sentence: 'The Tocsin Web Service does not send attachments.',
    cause: 'File alerts and attachments never leave by the Web Service.',
    mend: 'Send this by an SMTP server.',
    retryable: false,
  },
  relay_refused_invalid_message: {
    sentence: 'The Tocsin Web Service refused the message as malformed.',
    cause: 'This version of Tocsin and the service do not fit together.',
    mend: 'Update Tocsin on this computer, or the service.',
    retryable: false,
  },
  relay_refused_too_large: {
    sentence: 'The message is too large for the Tocsin Web Service.',
    cause: 'The service takes at most 1 MiB.',
    mend: 'Shorten the report, or send it by an SMTP server.',
    retryable: false,
  },
  relay_refused_quota_exceeded: {
    sentence: 'The Tocsin Web Service has taken as many messages this hour as it may.',
    cause: 'The hourly quota of this installation or of the recipient is used up.',
    mend: 'Nothing to do: Tocsin tries again by itself.',
    retryable: true,
  },
  relay_refused_not_ready: {
    sentence: 'The Tocsin Web Service is not ready.',
    cause: 'It is starting, or has trouble of its own.',
    mend: 'Nothing to do: Tocsin tries again by itself.',
    retryable: true,
  },
  relay_refused_idempotency_conflict: {
    sentence: 'The Tocsin Web Service has another message by the same id already.',
    cause: 'Two different messages were given one id: the data folder was copied, or restored from a backup.',
    mend: 'Let one data folder be used by one computer only. The alert is mailed under a new id when it fires again.',
    retryable: false,
  },
  relay_refused_not_found: {
    sentence: 'The Tocsin Web Service does not know what it was asked for.',
    cause: 'The address of the service is not right, or it forgot the message after 30 days.',
    mend: 'Check the address of the service in the settings.',
    retryable: true,
  },
  relay_refused_internal: {
    sentence: 'The Tocsin Web Service met a fault of its own.',
    cause: 'Something went wrong inside the service; its log says what.',
    mend: 'Nothing to do: Tocsin tries again by itself. If it lasts, tell the operator of the service.',
    retryable: true,
  },
  recipient_unsubscribed: {
    sentence: 'The recipient {recipient} wants no more mail from this installation.',
    cause:
      'They used the “unsubscribe” of their mail program on an earlier mail that came by the Web Service.',
    mend: 'Take the address out of the alert, or have the operator of the service let them receive mail again.',
    retryable: false,
  },
  mailbox_login_failed: {
    sentence: 'The mailbox server refused the user name or password.',
    cause: 'They are wrong, have expired, or the account is locked.',
    mend: 'Enter user name and password of the mailbox again.',
    retryable: true,
  },
  mail_bounced: {
    sentence: 'The mail to {recipient} was accepted at first and given up further on.',
    cause:
      'A mail server further on could not hand it over: the mailbox does not exist, is full, or refuses this mail.',
    mend: "Read that server's own words; check the address of the recipient.",
    retryable: false,
  },
  settings_invalid: {
    sentence: 'The settings were not taken in.',
    cause: 'They contain the faults listed.',
    mend: 'Mend them and try again. The old settings stand.',
    retryable: false,
  },
  data_dir_locked: {
    sentence: 'Another Tocsin agent is running on the data folder {folder}.',
    cause: 'Only one agent may own a data folder.',
    mend: 'Stop the other agent, or use another folder with --data-dir.',
    retryable: true,
  },
  store_corrupt: {
    sentence: 'The database {file} is damaged.',
    cause: 'The disk failed, or something else wrote to the file.',
    mend: 'Start the agent: it keeps the damaged file and goes on with a new one.',
    retryable: false,
  },
  disk_full: {
    sentence: 'The disk that holds {folder} is full.',
    cause: 'Tocsin keeps what it has to send on disk before it sends it.',
    mend: 'Free some space on that disk.',
    retryable: true,
  },
  secret_unavailable: {
    sentence: 'A stored password cannot be read.',
    cause: 'The key that protects it is missing or belongs to another computer or user.',
    mend: 'Enter the password again, or import it with a settings file.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** What fills the `{…}` parts of a sentence. */
export type ErrorDetails = Readonly<Record<string, string>>;

/** An expected failure. A value, not an exception: functions return it beside their result. */
export interface AppError {
  readonly code: ErrorCode;
  /** The sentence for people, complete. */
  readonly message: string;
  readonly details: ErrorDetails;
  readonly retryable: boolean;
}

/** The code's sentence with its parts filled in; a part that is not known becomes a neutral word. */
export function errorSentence(code: ErrorCode, details: ErrorDetails = {}): string {
  return ERRORS[code].sentence.replace(
    /\{(\w+)\}/g,
    (_, name: string) => details[name] ?? NEUTRAL[name] ?? name,
  );
}

const NEUTRAL: ErrorDetails = {
  server: 'that is set',
  recipient: 'given',
  folder: 'of Tocsin',
  file: 'of Tocsin',
};

function appError(code: ErrorCode, details: ErrorDetails = {}): AppError {
  return { code, message: errorSentence(code, details), details, retryable: ERRORS[code].retryable };
}

/** What a function returns that may fail in an expected way. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: AppError };

export function failure(
  code: ErrorCode,
  details: ErrorDetails = {},
): { readonly ok: false; readonly error: AppError } {
  return { ok: false, error: appError(code, details) };
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}
