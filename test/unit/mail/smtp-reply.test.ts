import { assert, constantFrom, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanReply, judgeFailure, judgeReply, parseReply } from '../../../mail/smtp-reply.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Stage } from '../../../shared/model/delivery.ts';

describe('what servers say', () => {
  test.each<readonly [Stage, string, ErrorCode, 'retry' | 'rejected']>([
    ['auth', '535 5.7.3 Authentication unsuccessful', 'smtp_auth_failed', 'retry'],
    ['auth', '535 5.7.139 Authentication unsuccessful, x', 'smtp_auth_method_disabled', 'retry'],
    ['auth', '550 5.7.30 Basic authentication is not supported', 'smtp_auth_method_disabled', 'retry'],
    ['auth', '535 Basic Authentication is disabled.', 'smtp_auth_method_disabled', 'retry'],
    ['auth', '534-5.7.9 Application-specific password required', 'smtp_auth_method_disabled', 'retry'],
    ['auth', '538 5.7.11 Encryption required', 'smtp_tls_failed', 'retry'],
    ['auth', '454 4.7.0 Temporary authentication failure', 'smtp_temporary', 'retry'],
    ['sender', '530 5.7.0 Authentication Required', 'smtp_auth_failed', 'retry'],
    ['sender', '530 5.7.57 SMTP; Client was not authenticated', 'smtp_auth_failed', 'retry'],
    ['recipient', '530 5.7.1 Authentication required', 'smtp_auth_failed', 'retry'],
    ['sender', '552 5.3.4 Message size exceeds limit', 'smtp_message_rejected', 'rejected'],
    ['sender', '501 5.1.7 Bad sender address syntax', 'smtp_sender_rejected', 'rejected'],
    ['recipient', '553 5.7.1 <a@b>: Sender address rejected: not owned', 'smtp_sender_rejected', 'rejected'],
    ['recipient', '450 4.1.8 <a@b>: Domain not found', 'smtp_sender_rejected', 'retry'],
    ['data', '554 5.2.252 SendAsDenied; a@b not allowed', 'smtp_sender_rejected', 'rejected'],
    ['data', '550 5.7.60 SMTP; no permissions', 'smtp_sender_rejected', 'rejected'],
    ['recipient', '554 5.7.1 <a@b>: Relay access denied', 'smtp_relaying_denied', 'rejected'],
    ['recipient', '550 relay not permitted', 'smtp_relaying_denied', 'rejected'],
    ['recipient', '550 5.7.1 Unable to relay', 'smtp_relaying_denied', 'rejected'],
    ['recipient', '550 5.7.54 SMTP; Unable to relay', 'smtp_relaying_denied', 'rejected'],
    ['recipient', '550 5.7.1 a@b... Relaying denied', 'smtp_relaying_denied', 'rejected'],
    ['recipient', '553 sorry, not in my list of allowed rcpthosts', 'smtp_relaying_denied', 'rejected'],
    [
      'recipient',
      '554 5.7.1 <x[1.2.3.4]>: Client host rejected: Access denied',
      'smtp_relaying_denied',
      'rejected',
    ],
    ['recipient', '550 5.7.1 Recipient not authorized', 'smtp_recipient_rejected', 'rejected'],
    ['recipient', '550 5.1.1 User unknown', 'smtp_recipient_rejected', 'rejected'],
    ['recipient', '552 5.2.2 Mailbox full', 'smtp_recipient_rejected', 'rejected'],
    ['recipient', '450 4.2.0 Greylisted', 'smtp_temporary', 'retry'],
    ['data', '554 5.7.1 Spam', 'smtp_message_rejected', 'rejected'],
    ['data', '452 4.3.1 Full', 'smtp_temporary', 'retry'],
    ['greeting', '554 5.3.2 No', 'smtp_blocked', 'retry'],
    ['greeting', '450 Later', 'smtp_temporary', 'retry'],
  ])('at %s: %s', (stage, words, code, verdict) => {
    const reply = parseReply(words);
    expect(reply === null ? null : judgeReply(stage, reply)).toMatchObject({ code, verdict });
  });

  test('421 may come at any stage, and asks for patience', () => {
    const reply = { status: 421, enhanced: null, line: '421 Bye' };
    for (const stage of ['greeting', 'auth', 'sender', 'recipient', 'data'] as const) {
      expect(judgeReply(stage, reply)).toMatchObject({
        code: 'smtp_temporary',
        verdict: 'retry',
        scope: 'server',
      });
    }
  });

  test('whatever it says: 4yz never rejects, and before MAIL nothing does', () => {
    const stages = constantFrom<Stage>('greeting', 'tls', 'auth', 'sender', 'recipient', 'data');
    const check = property(stages, integer({ min: 400, max: 599 }), string(), (stage, status, text) => {
      const reply = parseReply(`${status} ${text}`);
      if (reply === null) throw new Error('not parsed');
      const { verdict, scope } = judgeReply(stage, reply);
      const early = ['greeting', 'tls', 'auth'].includes(stage);
      expect(verdict === 'rejected' && (status < 500 || early)).toBe(false);
      expect(early && scope !== 'server').toBe(false);
    });
    assert(check);
  });
});

describe('what Node says', () => {
  test.each<readonly [Stage, string | null, ErrorCode]>([
    ['dns', 'ENOTFOUND', 'smtp_host_not_found'],
    ['dns', 'EAI_AGAIN', 'smtp_dns_timeout'],
    ['dns', 'ESERVFAIL', 'smtp_dns_timeout'],
    ['connect', 'ECONNREFUSED', 'smtp_connection_refused'],
    ['connect', 'ETIMEDOUT', 'smtp_connection_timeout'],
    ['connect', 'EHOSTUNREACH', 'smtp_connection_timeout'],
    ['connect', 'ENETUNREACH', 'smtp_connection_timeout'],
    ['connect', 'EACCES', 'smtp_blocked'],
    ['greeting', 'ECONNRESET', 'smtp_blocked'],
    ['tls', 'ECONNRESET', 'smtp_tls_failed'],
    ['tls', 'ERR_SSL_WRONG_VERSION_NUMBER', 'smtp_tls_failed'],
    ['tls', 'CERT_HAS_EXPIRED', 'smtp_certificate_expired'],
    ['tls', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'smtp_certificate_untrusted'],
    ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID', 'smtp_certificate_name'],
    ['data', 'toString', 'smtp_blocked'],
  ])('at %s: %s', (stage, nodeCode, code) => {
    expect(judgeFailure(stage, 'system', nodeCode)).toMatchObject({ code, verdict: 'retry' });
  });

  test('after the message nothing is certain', () => {
    expect(judgeFailure('data', 'timeout', null, true)).toMatchObject({
      code: 'smtp_outcome_unknown',
      verdict: 'unknown',
    });
  });
});

describe('words for the log', () => {
  test('stand on one line, bounded, without secrets', () => {
    expect(cleanReply('550-first\r\n550 second\u0007\u001b[31m pass-word', ['pass-word'])).toBe(
      '550-first 550 second [31m ***',
    );
    expect(cleanReply('x'.repeat(100_000))).toHaveLength(500);
  });

  test.each(['', 'HTTP/1.1 400 Bad Request', '999 x', '25', '2500 x', 'SSH-2.0'])(
    'are no reply: %j',
    (raw) => {
      expect(parseReply(raw)).toBeNull();
    },
  );
});
