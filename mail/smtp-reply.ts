import type { ErrorCode } from '../shared/errors.ts';
import type { Stage } from '../shared/model/delivery.ts';
import { codeOfWords } from '../shared/smtp-sentences.ts';
import { CERTIFICATE_CHANGED } from './certificate-codes.ts';

/** A reply of an SMTP server (RFC 5321 4.2), all lines of it. */
export interface SmtpReply {
  /** Three digits, such as 550. */
  readonly status: number;
  /** The enhanced status code (RFC 3463), such as `5.1.1`; null where the server gives none. */
  readonly enhanced: string | null;
  /** Everything the server said, on one line. */
  readonly line: string;
}

/** What an answer, or the lack of one, means. */
export interface Judgement {
  readonly code: ErrorCode;
  readonly verdict: 'retry' | 'rejected' | 'unknown';
  /**
   * Who is meant. `server`: this server will not do it, another one may. `recipient`: this address. `message`: what
   * is in it.
   */
  readonly scope: 'server' | 'recipient' | 'message';
  /** Whether asking again soon would do harm, such as locking an account: the server is left alone for a while. */
  readonly pauses: boolean;
}

/** Longest reply that is kept, in characters; servers with much to say repeat a link. */
const MAX_REPLY_CHARACTERS = 500;

/**
 * A server's words on one line: line breaks and other control characters become spaces, secrets become `***` (some
 * servers repeat what they were sent), at most 500 characters.
 */
export function cleanReply(raw: string, secrets: readonly string[] = []): string {
  let text = raw.slice(0, 16 * MAX_REPLY_CHARACTERS);
  for (const secret of secrets) {
    if (secret !== '') text = text.replaceAll(secret, '***');
  }
  text = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return text.length <= MAX_REPLY_CHARACTERS ? text : `${text.slice(0, MAX_REPLY_CHARACTERS - 1)}…`;
}

/** Reads a reply of one or more lines; null for what is none, such as the first line of another protocol. */
export function parseReply(raw: string, secrets: readonly string[] = []): SmtpReply | null {
  const found = /^([2-5]\d\d)(?:[ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})\b)?/.exec(raw);
  if (found === null) return null;
  return { status: Number(found[1]), enhanced: found[2] ?? null, line: cleanReply(raw, secrets) };
}

/**
 * What a negative reply means at a stage. Known sentences first, then RFC 5321 4.2.1: 4yz may work later, 5yz will
 * not. At the stages before the message begins nobody's address has been asked about yet, so even a 5yz reply is
 * about the server and leaves the mail where it is.
 */
export function judgeReply(stage: Stage, reply: SmtpReply): Judgement {
  const temporary = reply.status < 500;
  const known = codeOfWords(reply.line);
  // RFC 5321 3.8: 421 may answer any command; the server goes away, whatever was asked.
  if (reply.status === 421) return judge('smtp_temporary', 'retry', 'server');
  switch (stage) {
    case 'route':
    case 'dns':
    case 'connect':
    case 'greeting':
      return judge(temporary ? 'smtp_temporary' : 'smtp_blocked', 'retry', 'server');
    case 'tls':
      return judge(temporary ? 'smtp_tls_failed' : 'smtp_starttls_missing', 'retry', 'server');
    case 'auth':
      return judgeAuth(temporary, known);
    case 'sender':
      return known === null ? judgeSender(reply, temporary) : judgeKnown(known, temporary);
    case 'recipient':
      if (known !== null) return judgeKnown(known, temporary);
      return temporary
        ? judge('smtp_temporary', 'retry', 'recipient')
        : judge('smtp_recipient_rejected', 'rejected', 'recipient');
    case 'data':
    case 'accepted':
      if (known !== null) return judgeKnown(known, temporary);
      return temporary
        ? judge('smtp_temporary', 'retry', 'server')
        : judge('smtp_message_rejected', 'rejected', 'message');
  }
}

function judgeAuth(temporary: boolean, known: ErrorCode | null): Judgement {
  if (known === 'smtp_tls_failed') return judge(known, 'retry', 'server');
  // RFC 4954 4.7.0: 454 is a temporary failure of the server, not of the password.
  if (temporary) return judge('smtp_temporary', 'retry', 'server');
  return judge(known === 'smtp_auth_method_disabled' ? known : 'smtp_auth_failed', 'retry', 'server', true);
}

function judgeSender(reply: SmtpReply, temporary: boolean): Judgement {
  if (temporary) return judge('smtp_temporary', 'retry', 'server');
  // RFC 1870 6: the size that was announced with MAIL is too much.
  if (reply.status === 552) return judge('smtp_message_rejected', 'rejected', 'message');
  return judge('smtp_sender_rejected', 'rejected', 'server');
}

function judgeKnown(code: ErrorCode, temporary: boolean): Judgement {
  // The settings lack a login. The mail is kept until somebody has mended them.
  if (code === 'smtp_auth_failed' || code === 'smtp_auth_method_disabled') {
    return judge(code, 'retry', 'server', true);
  }
  if (code === 'smtp_tls_failed') return judge(code, 'retry', 'server');
  return judge(code, temporary ? 'retry' : 'rejected', 'server');
}

/** Why no usable reply came. */
export type FailureKind =
  /** A code of Node's own, from the resolver, a socket or TLS. */
  | 'system'
  /** Our deadline passed. */
  | 'timeout'
  /** The other side closed the connection. */
  | 'closed'
  /** It said something that is not SMTP. */
  | 'not-smtp'
  /** STARTTLS is required and not to be had. */
  | 'starttls-missing';

/** What it means that no usable reply came. `afterMessage`: everything up to the final dot may have been sent. */
export function judgeFailure(
  stage: Stage,
  kind: FailureKind,
  nodeCode: string | null,
  afterMessage = false,
): Judgement {
  if (afterMessage) return judge('smtp_outcome_unknown', 'unknown', 'message');
  return judge(failureCode(stage, kind, nodeCode), 'retry', 'server');
}

function failureCode(stage: Stage, kind: FailureKind, nodeCode: string | null): ErrorCode {
  if (kind === 'starttls-missing') return 'smtp_starttls_missing';
  if (kind === 'not-smtp') return 'smtp_not_smtp';
  const known = nodeCode === null ? undefined : NODE_CODES.get(nodeCode);
  if (stage === 'dns') return known?.startsWith('smtp_host') === true ? known : 'smtp_dns_timeout';
  if (stage === 'tls') return known?.startsWith('smtp_certificate') === true ? known : 'smtp_tls_failed';
  if (known !== undefined) return known;
  return kind === 'timeout' ? 'smtp_connection_timeout' : 'smtp_blocked';
}

/**
 * Node's codes (errno names of libuv, `X509_V_ERR_…` of OpenSSL without that prefix, and its own `ERR_…`) and what
 * they are called here. What is not listed is told apart by the stage at which it happened.
 */
const NODE_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ENOTFOUND', 'smtp_host_not_found'],
  ['ENODATA', 'smtp_host_not_found'],
  ['EAI_NONAME', 'smtp_host_not_found'],
  ['EAI_NODATA', 'smtp_host_not_found'],
  ['EAI_AGAIN', 'smtp_dns_timeout'],
  ['ECONNREFUSED', 'smtp_connection_refused'],
  ['ETIMEDOUT', 'smtp_connection_timeout'],
  ['EHOSTUNREACH', 'smtp_connection_timeout'],
  ['ENETUNREACH', 'smtp_connection_timeout'],
  ['EHOSTDOWN', 'smtp_connection_timeout'],
  ['ENETDOWN', 'smtp_connection_timeout'],
  ['EADDRNOTAVAIL', 'smtp_connection_timeout'],
  ['ECONNRESET', 'smtp_blocked'],
  ['EPIPE', 'smtp_blocked'],
  ['ECONNABORTED', 'smtp_blocked'],
  ['EACCES', 'smtp_blocked'],
  ['EPERM', 'smtp_blocked'],
  [CERTIFICATE_CHANGED, 'smtp_certificate_changed'],
  ['CERT_HAS_EXPIRED', 'smtp_certificate_expired'],
  ['CERT_NOT_YET_VALID', 'smtp_certificate_expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'smtp_certificate_name'],
  ['HOSTNAME_MISMATCH', 'smtp_certificate_name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'smtp_certificate_untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'smtp_certificate_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'smtp_certificate_untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'smtp_certificate_untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'smtp_certificate_untrusted'],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'smtp_certificate_untrusted'],
  ['CERT_SIGNATURE_FAILURE', 'smtp_certificate_untrusted'],
  ['CERT_CHAIN_TOO_LONG', 'smtp_certificate_untrusted'],
  ['CERT_REVOKED', 'smtp_certificate_untrusted'],
  ['CERT_REJECTED', 'smtp_certificate_untrusted'],
  ['CERT_UNTRUSTED', 'smtp_certificate_untrusted'],
  ['INVALID_CA', 'smtp_certificate_untrusted'],
  ['INVALID_PURPOSE', 'smtp_certificate_untrusted'],
  ['PATH_LENGTH_EXCEEDED', 'smtp_certificate_untrusted'],
]);

function judge(
  code: ErrorCode,
  verdict: Judgement['verdict'],
  scope: Judgement['scope'],
  pauses = false,
): Judgement {
  return { code, verdict, scope, pauses };
}
